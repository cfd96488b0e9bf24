import pytest

from mock_bitrix.events.catalogue import Event, codes, find, nearest, of_scope
from mock_bitrix.portal.scopes import GLOBAL, KNOWN_SCOPES

GLOBAL_EVENTS = [
    "ONAPPUNINSTALL",
    "ONAPPINSTALL",
    "ONAPPUPDATE",
    "ONAPPPAYMENT",
    "ONSUBSCRIPTIONRENEW",
    "ONAPPTEST",
    "ONAPPMETHODCONFIRM",
    "ONOFFLINEEVENT",
]


def event(code: str) -> Event:
    found = find(code)
    assert found is not None
    return found


def test_the_catalogue_has_214_codes_once_each() -> None:
    assert len(codes(None)) == 214
    assert len(set(codes(None))) == 214


def test_every_code_is_upper_case_and_of_a_known_scope() -> None:
    assert [code for code in codes(None) if code != code.upper()] == []
    assert {event(code).scope for code in codes(None)} <= set(KNOWN_SCOPES)


def test_global_events_come_first_in_the_servers_order() -> None:
    assert codes([]) == GLOBAL_EVENTS
    assert of_scope(GLOBAL) == GLOBAL_EVENTS
    assert codes(["user"]) == [*GLOBAL_EVENTS, "ONUSERADD"]
    assert codes(None)[:8] == GLOBAL_EVENTS


def test_scopes_follow_in_the_order_given_and_an_unknown_one_adds_nothing() -> None:
    assert codes(["task", "nonsense", "user"]) == [*GLOBAL_EVENTS, *of_scope("task"), "ONUSERADD"]
    assert of_scope("nonsense") == []


def test_a_scope_under_two_names_adds_its_events_once() -> None:
    assert codes(["tasks", "task"]) == codes(["task"])
    assert of_scope("tasks") == of_scope("task")
    assert of_scope("sonet_group") == of_scope("sonet") != []


@pytest.mark.parametrize("code", ["onCrmLeadAdd", "ONCRMLEADADD"])
def test_case_of_an_event_code_does_not_matter(code: str) -> None:
    assert find(code) == Event("ONCRMLEADADD", "crm", True, {"FIELDS": {"ID": "1000983"}})


def test_only_onofflineevent_cannot_be_bound_offline() -> None:
    assert [code for code in codes(None) if not event(code).offline] == ["ONOFFLINEEVENT"]


def test_the_event_of_one_smart_process_is_found_by_its_type() -> None:
    found = event("onCrmDynamicItemUpdate_1220")

    assert (found.code, found.scope, found.offline) == ("ONCRMDYNAMICITEMUPDATE_1220", "crm", True)
    assert found.sample == {"FIELDS": {"ID": "24", "ENTITY_TYPE_ID": "1220"}}


def test_finding_the_event_of_one_type_leaves_the_base_event_alone() -> None:
    event("ONCRMDYNAMICITEMADD_99")

    assert event("ONCRMDYNAMICITEMADD").sample["FIELDS"]["ENTITY_TYPE_ID"] == "1220"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "ONNOTHING",
        "ONCRMLEADADD_5",
        "ONCRMDYNAMICITEMADD_",
        "ONCRMDYNAMICITEMADD_x",
        "ONCRMDYNAMICITEMADD_0",
        "ONCRMDYNAMICITEMADD_5\n",
    ],
)
def test_other_codes_are_unknown(code: str) -> None:
    assert find(code) is None


def test_the_nearest_code_is_named_whatever_its_case() -> None:
    assert nearest("ONCRMLEADAD") == "ONCRMLEADADD"
    assert nearest("onTaskAdded") == "ONTASKADD"
    assert nearest("zzz") is None
