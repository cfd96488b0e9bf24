"""`app.option.*` and `user.option.*` (protocol B.10)."""

from __future__ import annotations

import pytest

from tests.rest.support import refused
from tests.support import Client, Json, TestPortal, install_portal

CONTEXT = (403, "ACCESS_DENIED", "Access denied! Application context required")
ADMINISTRATOR = (403, "ACCESS_DENIED", "Access denied! Administrator authorization required")
FAMILIES = pytest.mark.parametrize("family", ["app", "user"])


@FAMILIES
def test_without_options_there_is_an_empty_list(any_portal: TestPortal, family: str) -> None:
    assert any_portal.admin(f"{family}.option.get").result == []


@FAMILIES
def test_options_are_kept_and_given_one_by_one_or_all(any_portal: TestPortal, family: str) -> None:
    given: Json = {"data": "value", "n": 5, "deep": {"a": [1, {}]}, "": "nameless"}
    assert any_portal.admin(f"{family}.option.set", options=given).result is True
    assert any_portal.admin(f"{family}.option.set", options={"n": "6"}).result is True

    kept: Json = {"data": "value", "n": "6", "deep": {"a": [1, []]}, "": "nameless"}
    assert any_portal.admin(f"{family}.option.get").result == kept
    assert any_portal.admin(f"{family}.option.get", option="").result == kept
    assert any_portal.admin(f"{family}.option.get", option="deep").result == {"a": [1, []]}
    assert any_portal.admin(f"{family}.option.get", option="missing").result == ""


@FAMILIES
def test_options_may_come_as_a_form_or_be_numbered(portal: TestPortal, family: str) -> None:
    portal.admin.form(f"{family}.option.set", "options[]=a&options[]=b")
    portal.admin(f"{family}.option.set", options={"2": "c"})

    assert portal.admin(f"{family}.option.get").result == ["a", "b", "c"]
    assert portal.admin(f"{family}.option.get", option="1").result == "b"


@FAMILIES
@pytest.mark.parametrize(
    "given", [{}, {"options": {}}, {"options": []}, {"options": ""}, {"options": "x"}]
)
def test_setting_nothing_is_refused(any_portal: TestPortal, family: str, given: Json) -> None:
    answer = any_portal.admin(f"{family}.option.set", **given)

    assert answer.error == (400, "ERROR_ARGUMENT", "Argument 'options' is null or empty")
    assert answer.body["argument"] == "options"


@FAMILIES
@pytest.mark.parametrize("verb", ["get", "set"])
def test_options_are_for_applications(any_portal: TestPortal, family: str, verb: str) -> None:
    assert refused(any_portal.webhook(f"{family}.option.{verb}"), *CONTEXT)


def test_only_an_administrator_sets_options_of_the_application(any_portal: TestPortal) -> None:
    assert refused(any_portal.user("app.option.set"), *ADMINISTRATOR)
    assert any_portal.user("app.option.get").result == []


def test_options_of_a_user_are_their_own(any_portal: TestPortal) -> None:
    any_portal.admin("user.option.set", options={"a": "1"})
    assert any_portal.user("user.option.set", options={"a": "2"}).result is True

    assert any_portal.admin("user.option.get").result == {"a": "1"}
    assert any_portal.user("user.option.get").result == {"a": "2"}
    assert any_portal.admin("app.option.get").result == []


def test_options_of_an_application_are_its_own(portal: TestPortal) -> None:
    tokens = [{"user": 1, "access_token": f"{portal.client_id}.{name}"} for name in "ab"]
    two = install_portal(
        portal.server, portal.http, {"apps": [{"tokens": [token]} for token in tokens]}
    )
    first, second = (Client(two.http, two.admin.base, str(t["access_token"])) for t in tokens)

    first("app.option.set", options={"a": "1"})
    first("user.option.set", options={"b": "1"})

    assert second("app.option.get").result == []
    assert second("user.option.get").result == []


def test_options_of_a_fixture_are_there(portal: TestPortal) -> None:
    app: Json = {"options": {"a": 1}, "user_options": {"1": {"b": 2}}, "tokens": [{"user": 1}]}

    made = install_portal(portal.server, portal.http, {"apps": [app]})

    assert made.admin("app.option.get").result == {"a": 1}
    assert made.admin("user.option.get").result == {"b": 2}


@FAMILIES
def test_an_option_may_be_nested_as_deep_as_json_may(portal: TestPortal, family: str) -> None:
    deep: Json = "bottom"
    for _ in range(400):
        deep = [deep]

    assert portal.admin(f"{family}.option.set", options={"a": deep}).result is True
    assert portal.admin(f"{family}.option.get").result == {"a": deep}
