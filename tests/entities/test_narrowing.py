"""A list by the time of the last change looks only where it must, and finds the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_bitrix.entities.conditions import earliest, matcher, parse
from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.kinds import known
from mock_bitrix.entities.room import Room
from mock_bitrix.entities.store import Entity, Store
from mock_bitrix.php.values import LARGEST
from tests.events.changes import portal_of
from tests.support import TestPortal

LEAD = known("crm.lead")
START = 1_700_000_000
TIMES = st.one_of(st.none(), st.integers(START, START + 20))
BOUNDS = st.one_of(st.integers(START - 2, START + 22), st.just(None), st.just("no date"))


def resolve(name: str) -> Field:
    return LEAD.fields[name]


def text(moment: Any) -> Any:
    return datetime.fromtimestamp(moment, UTC).isoformat() if isinstance(moment, int) else moment


@st.composite
def filters(draw: st.DrawFn) -> dict[str, Any]:
    """Conditions on the last change, alone, with others, and in groups."""
    key = draw(st.sampled_from([">", ">=", "<", "<=", "=", "!", "", "><"])) + "DATE_MODIFY"
    bound = text(draw(BOUNDS))
    made: dict[str, Any] = {key: [bound, text(draw(BOUNDS))] if key.startswith("><") else bound}
    if draw(st.booleans()):
        made[draw(st.sampled_from(["STATUS_ID", ">ID", "!STATUS_ID"]))] = draw(
            st.sampled_from([2, "NEW", "JUNK"])
        )
    shape = draw(st.sampled_from(["plain", "or", "nested"]))
    if shape == "or":
        return {"LOGIC": "OR", **made, ">=DATE_MODIFY": text(draw(BOUNDS))}
    return {"0": made, ">DATE_MODIFY": text(START + 3)} if shape == "nested" else made


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    times=st.lists(st.tuples(TIMES, st.sampled_from(["NEW", "JUNK"])), max_size=8),
    wanted=filters(),
)
def test_a_list_finds_what_looking_at_everything_finds(
    portal: TestPortal, times: list[tuple[int | None, str]], wanted: dict[str, Any]
) -> None:
    database, found = portal.server.emulator.database, portal_of(portal)
    room, store = Room(database, found, 1), Store(database, found.id)
    for entity in list(store.every(LEAD.name, 0, LARGEST)):
        store.remove(LEAD.name, entity.id)
    entities = [
        Entity(number, {"ID": number, "DATE_MODIFY": moment, "STATUS_ID": status})
        for number, (moment, status) in enumerate(times, 1)
    ]
    store.insert(LEAD.name, entities, touched=LEAD.touched)
    group = parse(wanted, resolve)

    page = room.page(LEAD, group, [], 0)

    fits = matcher(group, room.frame)
    everything = [entity.id for entity in entities if fits(entity.data)]
    assert [entity.id for entity in page.items] == everything
    assert page.total == len(everything)


@pytest.mark.parametrize(
    ("wanted", "since"),
    [
        ({">DATE_MODIFY": text(START)}, START),
        ({">=DATE_MODIFY": text(START), ">DATE_MODIFY": text(START + 5)}, START + 5),
        ({"><DATE_MODIFY": [text(START), text(START + 5)]}, START),
        ({"<DATE_MODIFY": text(START)}, None),
        ({"!>DATE_MODIFY": text(START)}, None),
        ({">DATE_CREATE": text(START)}, None),
        ({"LOGIC": "OR", ">DATE_MODIFY": text(START), "ID": 5}, None),
        ({">DATE_MODIFY": "no date"}, None),
    ],
)
def test_where_to_look(portal: TestPortal, wanted: dict[str, Any], since: float | None) -> None:
    frame = Room(portal.server.emulator.database, portal_of(portal), 1).frame

    assert earliest(parse(wanted, resolve), "DATE_MODIFY", frame) == since


def test_a_change_moves_an_entity_to_the_recent_ones(portal: TestPortal) -> None:
    room = Room(portal.server.emulator.database, portal_of(portal), 1)
    with portal.server.emulator.database.transaction():
        lead = room.add(LEAD, {"TITLE": "x"})
        moment = text(int(room.frame.now) - 1)
        room.store.change(
            LEAD.name, Entity(lead.id, {**lead.data, "DATE_MODIFY": START}), LEAD.touched
        )
        assert not list(room.matching(LEAD, parse({">DATE_MODIFY": moment}, resolve)))
        old = room.get(LEAD, lead.id)
        assert old is not None
        room.update(LEAD, old, {"TITLE": "y"})

    found = room.matching(LEAD, parse({">DATE_MODIFY": moment}, resolve))
    assert [entity.id for entity in found] == [lead.id]
