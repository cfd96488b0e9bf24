"""The table of methods and the events that they cause."""

from __future__ import annotations

from mock_bitrix.entities import events
from mock_bitrix.events import catalogue
from mock_bitrix.rest import documented

NONE = frozenset[events.Condition]()


def test_every_cause_is_a_documented_method_and_event() -> None:
    rows = list(events.every())

    assert len(rows) > 190
    assert [row.method for row in rows if not documented.exists(row.method)] == []
    codes = [row.event.replace("{ENTITY_TYPE_ID}", "128") for row in rows]
    assert [code for code in codes if catalogue.find(code) is None] == []


def test_values_take_their_places_as_texts_or_numbers() -> None:
    values = {"ID": 27, "TASK_ID": 8}

    lead = list(events.happenings("CRM.Lead.Add", values, NONE, numbers=False))
    requisite = list(events.happenings("crm.requisite.add", values, NONE, numbers=False))
    comment = list(events.happenings("task.commentitem.update", values, NONE, numbers=False))

    assert lead == [("ONCRMLEADADD", {"FIELDS": {"ID": "27"}})]
    assert requisite == [("ONCRMREQUISITEADD", {"FIELDS": {"ID": 27}})]
    assert comment[0][1]["FIELDS_AFTER"] == {"ID": 27, "TASK_ID": 8, "ACTION": "EDIT"}


def test_ids_are_numbers_where_the_switch_says_so_but_codes_stay() -> None:
    def data(method: str, number: object) -> object:
        return next(events.happenings(method, {"ID": number}, NONE, numbers=True))[1]

    assert data("crm.lead.add", 27) == {"FIELDS": {"ID": 27}}
    assert data("crm.currency.add", "CHE") == {"FIELDS": {"ID": "CHE"}}
    assert data("crm.timeline.comment.add", 999) == {"ID": 999}
    assert data("booking.v1.booking.add", 66) == {"ID": "66"}


def test_some_events_need_their_circumstances() -> None:
    values = {"ID": 1, "ENTITY_TYPE_ID": 1220, "CATEGORY_ID": 2, "STAGE_ID": "C2:NEW"}

    def codes(*conditions: events.Condition) -> list[str]:
        found = events.happenings("crm.item.update", values, frozenset(conditions), numbers=False)
        return [code for code, _ in found]

    assert codes() == []
    assert codes("dynamic") == ["ONCRMDYNAMICITEMUPDATE"]
    assert codes("dynamic", "smart process") == [
        "ONCRMDYNAMICITEMUPDATE",
        "ONCRMDYNAMICITEMUPDATE_1220",
    ]
    assert codes("funnel") == ["ONCRMDEALMOVETOCATEGORY"]


def test_methods_for_which_the_documentation_names_no_event_cause_none() -> None:
    assert events.causes("crm.status.add") == ()
    assert events.causes("user.update") == ()
