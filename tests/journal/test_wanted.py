"""Which calls a reader of the journal wants, whichever process has them."""

from __future__ import annotations

import pytest

from mock_bitrix.journal.entries import Entry
from mock_bitrix.journal.reading import Wanted
from mock_bitrix.journal.sharing import Foreign

CALL = Entry(
    7,
    method="event.offline.get",
    parameters={"process_id": "abc"},
    answer=b'{"result":{"process_id":"made"}}',
)
SHOWN = Foreign(7, "event.offline.get", '{"params":{"process_id":"abc"},"answer":"made"}')


@pytest.mark.parametrize(
    ("wanted", "is_meant"),
    [
        (Wanted(), True),
        (Wanted(about="abc"), True),
        (Wanted(about="made"), True),
        (Wanted(about="other"), False),
        (Wanted("event.*", until=7), True),
        (Wanted("event.*", until=6), False),
        (Wanted("crm.*", about="abc"), False),
    ],
)
def test_a_call_is_meant_by_method_by_id_and_by_a_text_in_it(
    wanted: Wanted, is_meant: bool
) -> None:
    assert wanted.has(CALL) is is_meant
    assert wanted.has_foreign(SHOWN) is is_meant


def test_a_command_is_about_what_its_batch_was_answered() -> None:
    command = Entry(8, method="server.time", outer=CALL)

    assert Wanted(about="made").has(command)
