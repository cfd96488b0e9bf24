from mock_bitrix.portal.scopes import KNOWN_SCOPES
from mock_bitrix.rest.documented import exists, names, nearest, scope_of


def test_1573_methods_are_documented_once_each() -> None:
    assert len(names()) == 1573
    assert len({name.lower() for name in names()}) == 1573


def test_every_method_has_a_known_scope() -> None:
    assert {scope_of(name) for name in names()} <= set(KNOWN_SCOPES)


def test_case_of_a_method_name_does_not_matter() -> None:
    assert exists("EVENT.Offline.Get")
    assert scope_of("EVENT.Offline.Get") == "basic"
    assert scope_of("booking.v1.resourcetype.add") == "booking"


def test_an_unknown_method_has_no_scope() -> None:
    assert not exists("crm.lead.dance")
    assert scope_of("crm.lead.dance") is None


def test_names_of_one_scope_keep_the_documented_spelling() -> None:
    assert "booking.v1.resourceType.add" in names("booking")
    assert names("pull") == [name for name in names() if scope_of(name) == "pull"] != []
    assert names("nonsense") == []


def test_the_list_given_out_is_the_callers_own() -> None:
    names("pull").clear()

    assert names("pull") != []


def test_the_nearest_method_is_named() -> None:
    assert nearest("crm.lead.ad") == "crm.lead.add"
    assert nearest("Event.Ofline.Get") == "event.offline.get"
    assert nearest("zzz") is None
