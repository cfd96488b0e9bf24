"""`profile`, `user.current`, `user.admin` (protocol B.10)."""

from __future__ import annotations

import pytest

from tests.support import Json, TestPortal, install_portal

USERS: Json = [
    {
        "id": 1,
        "name": "Anna",
        "last_name": "Admin",
        "admin": True,
        "PERSONAL_GENDER": "F",
        "PERSONAL_PHOTO": "https://example.com/a.png",
        "TIME_ZONE": "Europe/Berlin",
        "EMAIL": "anna@example.com",
        "UF_DEPARTMENT": [1],
        "UF_SKILLS": "own field",
    },
    {"id": 2, "name": "Ulf"},
]


@pytest.fixture
def people(any_portal: TestPortal) -> TestPortal:
    return install_portal(any_portal.server, any_portal.http, {"users": USERS})


def test_profile_is_the_caller_in_short(people: TestPortal) -> None:
    shown = people.admin("profile").result

    assert list(shown.items()) == [
        ("ID", "1"),
        ("ADMIN", True),
        ("NAME", "Anna"),
        ("LAST_NAME", "Admin"),
        ("PERSONAL_GENDER", "F"),
        ("TIME_ZONE", "Europe/Berlin"),
        ("PERSONAL_PHOTO", "https://example.com/a.png"),
    ]
    assert people.webhook("profile").result == shown


def test_profile_has_a_photo_only_where_there_is_one(people: TestPortal) -> None:
    shown = people.user("profile").result

    assert (shown["ID"], shown["ADMIN"], "PERSONAL_PHOTO" in shown) == ("2", False, False)


def test_user_current_is_the_caller_with_all_fields(people: TestPortal) -> None:
    shown = people.admin("user.current").result

    assert (shown["ID"], shown["ACTIVE"], shown["EMAIL"]) == ("1", True, "anna@example.com")
    assert (shown["UF_DEPARTMENT"], shown["UF_SKILLS"]) == ([1], "own field")
    assert people.user("user.current").result["ID"] == "2"


@pytest.mark.parametrize("scope", ["user", "user_brief", "user_basic"])
def test_any_scope_of_users_is_enough_for_user_current(portal: TestPortal, scope: str) -> None:
    made = install_portal(portal.server, portal.http, {"webhooks": [{"scope": [scope]}]})

    assert made.webhook("user.current").status == 200


def test_user_admin_is_a_flag(people: TestPortal) -> None:
    assert people.admin("user.admin").result is True
    assert people.webhook("user.admin").result is True
    assert people.user("user.admin").result is False
