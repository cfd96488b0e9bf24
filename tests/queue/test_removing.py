"""A take deletes rows by their range where nobody else's are between."""

from __future__ import annotations

import pytest

from mock_bitrix.queue.selection import Condition, OrderBy
from tests.queue.desk import DEAL, LEAD, Desk, ids


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([1, 2, 3], [4, 5]),
        ([2, 3, 4], [1, 5]),
        ([1, 3], [2, 4, 5]),
        ([5, 1], [2, 3, 4]),
        ([4], [1, 2, 3, 5]),
    ],
    ids=str,
)
def test_a_take_deletes_what_it_gives_and_nothing_between(
    desk: Desk, taken: list[int], left: list[int]
) -> None:
    for number in range(1, 6):
        desk.put(number, LEAD if number in taken else DEAL)

    batch = desk.take(Condition("=", "EVENT_NAME", LEAD), order=(OrderBy("ID", descending=True),))

    assert ids(batch) == sorted(taken, reverse=True)
    assert ids(desk.rows()) == left
