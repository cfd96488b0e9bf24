"""`user.get`, `user.search`, `user.add`, `user.update`: the portal's people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import TestPortal, install_portal

PEOPLE = [
    {"id": 1, "name": "Anna", "last_name": "Admin", "admin": True, "UF_DEPARTMENT": [1]},
    {"id": 2, "name": "Ivan", "last_name": "Stein", "PERSONAL_CITY": "Berlin"},
    {"id": 3, "name": "Ivana", "last_name": "Lang", "EMAIL": "ivana@example.com"},
    {"id": 4, "name": "Gone", "last_name": "Lang", "active": False},
]


@pytest.fixture
def office(portal: TestPortal) -> TestPortal:
    """A portal with a few people."""
    return install_portal(portal.server, portal.http, {"users": PEOPLE})


@pytest.mark.parametrize(
    ("parameters", "ids"),
    [
        ({}, "1234"),
        ({"ID": 2}, "2"),
        ({"ID": [1, 3]}, "13"),
        ({"UF_DEPARTMENT": 1}, "1"),
        ({"FILTER": {"NAME": "Iv%"}}, "23"),
        ({"filter": {"!%LAST_NAME": "an"}}, "12"),
        ({"filter": {"@PERSONAL_CITY": ["Berlin", "Paris"]}}, "2"),
        ({"ACTIVE": True}, "123"),
        ({"filter": {"ACTIVE": False}}, "4"),
        ({"SORT": "LAST_NAME", "ORDER": "desc"}, "2341"),
        ({"filter": {"NO_SUCH": 1}}, "1234"),
    ],
)
def test_users_are_filtered_and_sorted(
    office: TestPortal, parameters: dict[str, Any], ids: str
) -> None:
    answer = office.admin("user.get", **parameters)

    assert "".join(user["ID"] for user in answer.result) == ids
    assert answer.body["total"] == len(ids)


@pytest.mark.parametrize(
    ("parameters", "ids"),
    [
        ({"FIND": "ivan"}, "23"),
        ({"FIND": "ivan lang"}, "3"),
        ({"NAME": "van"}, "23"),
        ({"FILTER": {"LAST_NAME": "lang"}}, "3"),
        ({"FIND": "ivana@"}, "3"),
    ],
)
def test_search_looks_into_names_of_active_users(
    office: TestPortal, parameters: dict[str, Any], ids: str
) -> None:
    assert "".join(user["ID"] for user in office.admin("user.search", **parameters).result) == ids


def test_a_user_who_is_added_is_there(office: TestPortal) -> None:
    number = office.admin("user.add", EMAIL="new@example.com", NAME="Nora").result

    (user,) = office.admin("user.get", ID=number).result
    assert (user["ID"], user["NAME"], user["EMAIL"]) == (str(number), "Nora", "new@example.com")
    assert office.admin("user.update", ID=number, LAST_NAME="New", WORK_POSITION="Cook").result
    (user,) = office.admin("user.get", ID=number).result
    assert (user["NAME"], user["LAST_NAME"], user["WORK_POSITION"]) == ("Nora", "New", "Cook")


def test_a_dismissed_user_is_refused_from_then_on(portal: TestPortal) -> None:
    assert portal.user("user.current").status == 200

    portal.admin("user.update", ID=2, ACTIVE="N")

    assert portal.user("user.current").error[1] == "authorization_error"


def test_a_user_needs_an_address_of_their_own(office: TestPortal) -> None:
    def refusal(**parameters: str) -> object:
        return office.admin("user.add", **parameters).body

    wrong = {"error": "ERROR_ARGUMENT", "error_description": "wrong_email", "argument": ""}
    assert refusal() == wrong
    assert refusal(EMAIL="nonsense") == wrong
    taken = office.admin("user.add", EMAIL="Ivana@example.com")
    assert taken.error == (400, "ERROR_ARGUMENT", "A user with this email already exists")


def test_only_administrators_change_people(portal: TestPortal) -> None:
    for answer in (
        portal.user("user.add", EMAIL="x@example.com"),
        portal.user("user.update", ID=2, NAME="X"),
        portal.admin("user.update", ID=77, NAME="X"),
    ):
        assert answer.error == (400, "ERROR_CORE", "access_denied")


def test_people_come_in_pages(portal: TestPortal) -> None:
    people = [{"id": 1, "admin": True}, *({"id": n} for n in range(2, 71))]
    office = install_portal(portal.server, portal.http, {"users": people})

    first, second = office.admin("user.get").body, office.admin("user.get", start=50).body

    assert (len(first["result"]), first["total"], first["next"]) == (50, 70, 50)
    assert (len(second["result"]), "next" in second) == (20, False)
