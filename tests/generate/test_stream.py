"""The stream of changes: repeatable, and as uneven as a real day."""

from __future__ import annotations

from collections import Counter
from itertools import islice, takewhile

import pytest

from mock_bitrix.generate.mixes import MIXES
from mock_bitrix.generate.stream import Step, steps


def first(number: int, mix: str = "busy-crm", rate: float = 50, seed: str = "1") -> list[Step]:
    return list(islice(steps(MIXES[mix], rate, seed), number))


def test_the_same_seed_gives_the_same_stream() -> None:
    assert first(2000) == first(2000)
    assert first(2000) != first(2000, seed="2")


def test_moments_never_go_back() -> None:
    moments = [step.at for step in first(2000)]

    assert moments == sorted(moments)


@pytest.mark.parametrize("rate", [0.2, 5, 50])
def test_the_rate_holds_on_average(rate: float) -> None:
    minutes = 60 * 100 / rate
    happened = list(takewhile(lambda step: step.at < minutes, steps(MIXES["busy-crm"], rate, "7")))

    assert len(happened) == pytest.approx(minutes * rate, rel=0.15)


def test_some_seconds_are_bursts() -> None:
    a_second = Counter(int(step.at) for step in first(5000))

    assert max(a_second.values()) > 3 * sorted(a_second.values())[len(a_second) // 2]


@pytest.mark.parametrize("mix", list(MIXES))
def test_only_what_is_there_is_changed_and_nothing_twice_deleted(mix: str) -> None:
    alive: dict[int, str] = {}
    for step in first(5000, mix):
        if step.action == "add":
            assert step.entity not in alive
            alive[step.entity] = step.kind
        else:
            assert alive[step.entity] == step.kind
        if step.action == "delete":
            del alive[step.entity]
        else:
            assert step.fields


def test_most_updates_go_to_few_entities() -> None:
    stream = first(5000)
    updates = Counter(step.entity for step in stream if step.action == "update")
    added = sum(step.action == "add" for step in stream)

    assert len(updates) > 100
    top = sum(count for _, count in updates.most_common(added // 5))
    assert top > 0.3 * updates.total()


def test_a_burst_changes_one_entity_several_times_in_a_second() -> None:
    in_a_second = Counter((int(step.at), step.entity) for step in first(5000))

    assert in_a_second.most_common(1)[0][1] >= 5


def test_all_sorts_of_changes_come_in_their_shares() -> None:
    stream, mix = first(10_000), MIXES["busy-crm"]
    shares = {action: n / len(stream) for action, n in Counter(s.action for s in stream).items()}

    assert shares["add"] == pytest.approx(mix.adds, abs=0.02)
    assert shares["delete"] == pytest.approx(mix.deletes, abs=0.01)
    assert sum(step.echo for step in stream) / len(stream) == pytest.approx(mix.echoes, abs=0.02)
    assert set(mix.kinds) == {step.kind for step in stream}
