from mock_bitrix.portal.scopes import (
    ALIASES,
    DEFAULT_SCOPES,
    GLOBAL,
    KNOWN_SCOPES,
    with_aliases,
)


def test_fifty_five_scopes_are_known_once_each() -> None:
    assert len(KNOWN_SCOPES) == 55
    assert len(set(KNOWN_SCOPES)) == 55


def test_what_a_portal_offers_leaves_out_the_global_scope() -> None:
    assert GLOBAL in KNOWN_SCOPES
    assert GLOBAL not in DEFAULT_SCOPES


def test_deprecated_scopes_are_known_but_not_offered() -> None:
    deprecated = {"tasks", "tasks_extended", "tasksmobile"}

    assert deprecated <= set(KNOWN_SCOPES)
    assert not deprecated & set(DEFAULT_SCOPES)


def test_an_alias_leads_from_a_known_scope_to_a_known_scope() -> None:
    assert {*ALIASES, *ALIASES.values()} <= set(KNOWN_SCOPES)


def test_aliases_follow_their_scope_and_come_once() -> None:
    assert with_aliases(["crm", "tasks", "task", "sonet_group"]) == [
        "crm",
        "tasks",
        "task",
        "sonet_group",
        "sonet",
    ]
