"""The changes of a history: different rows, repeatable by the seed, with entities behind them."""

from __future__ import annotations

import pytest

from mock_bitrix.check.changes import MOST, Changes, checked, scopes
from mock_bitrix.randomness import sequence
from mock_bitrix.settings import SettingError

EVENTS = ["ONCRMLEADADD", "ONTASKUPDATE", "ONUSERADD"]


def changes(seed: str) -> list[object]:
    made = Changes(EVENTS, sequence(seed))
    return [made.next() for _ in range(MOST)]


def test_the_same_seed_gives_the_same_changes() -> None:
    assert changes("1") == changes("1")
    assert changes("1") != changes("2")


def test_all_changes_are_different() -> None:
    assert len({repr(change) for change in changes("1")}) == MOST


def test_every_change_is_of_an_entity_that_is_there() -> None:
    made = Changes(["ONCRMDEALUPDATE"], sequence("1"))
    entities = made.entities()

    assert set(entities) == {"crm.deal"}
    numbers = {entity["ID"] for entity in entities["crm.deal"]}
    assert {int(made.next().data["FIELDS"]["ID"]) for _ in range(MOST)} == numbers


def test_the_sample_keeps_its_shape() -> None:
    made = Changes(["ONTASKUPDATE"], sequence("1")).next()

    assert isinstance(made.data["FIELDS_AFTER"]["ID"], int)
    assert made.data["FIELDS_BEFORE"]["ID"] == made.data["FIELDS_AFTER"]["ID"]


@pytest.mark.parametrize("event", ["ONOFFLINEEVENT", "ONAPPTEST", "ONSUBSCRIPTIONRENEW"])
def test_an_event_whose_changes_are_all_alike_is_refused(event: str) -> None:
    with pytest.raises(SettingError, match="expected an event of a queue that carries the ID"):
        checked([event])


def test_an_unknown_event_names_the_nearest() -> None:
    with pytest.raises(SettingError, match="did you mean ONCRMLEADADD"):
        checked(["ONCRMLEADAD"])


def test_events_are_spelt_as_the_catalogue_does_and_name_what_they_need() -> None:
    assert checked(["oncrmleadadd"]) == ["ONCRMLEADADD"]
    assert scopes(["ONCRMLEADADD", "ONAPPTEST"]) == ["crm", "task", "user"]
