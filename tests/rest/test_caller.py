"""Who calls, and who is refused in which order (protocol B)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control
from tests.rest.support import refused, without_feature
from tests.support import Client, TestPortal, install_portal

NO_AUTH = (401, "NO_AUTH_FOUND", "Wrong authorization data")
INVALID_TOKEN = (401, "invalid_token", "Unable to get application by token")
INVALID_CREDENTIALS = (401, "INVALID_CREDENTIALS", "Invalid request credentials")
WRONG_AUTH_TYPE = (403, "WRONG_AUTH_TYPE", "Current authorization type is denied for this method")
ACCESS_DENIED = (403, "ACCESS_DENIED", "Access denied!")
SCOPE = "The request requires higher privileges than provided by the {} token"
PAST, FUTURE = "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"
USERS = [{"id": 1, "admin": True}, {"id": 2}, {"id": 3, "active": False}]


def with_app(portal: TestPortal, user: int = 1, **app: Any) -> Client:
    """A caller of an application with these properties, in a portal of its own."""
    expires = app.pop("expires", None)
    token = {"user": user, "expires": expires}
    made = install_portal(
        portal.server,
        portal.http,
        {"users": USERS, "apps": [{"scope": ["crm"], **app, "tokens": [token]}]},
    )
    directory = portal.server.emulator.directory.revised()
    found = directory.portal(made.id)
    assert found is not None
    ((_, issued),) = directory.some_tokens(found)
    return Client(portal.http, made.admin.base, issued.access_token)


# Where the token is looked for


def test_a_token_may_come_in_the_header_or_as_either_parameter(portal: TestPortal) -> None:
    token = portal.admin.token
    bearer = {"Authorization": f"Bearer {token}"}

    for verb in ("GET", "POST"):
        assert portal.admin.send(verb, "profile", headers=bearer).status == 200
        assert portal.admin.send(verb, f"profile?auth={token}").status == 200
        assert portal.admin.send(verb, f"profile?access_token={token}").status == 200
    for name in ("auth", "access_token"):
        assert portal.admin.send("POST", "profile", json={name: token}).status == 200
        assert portal.admin.send("POST", "profile", data={name: token}).status == 200


def test_the_header_wins_over_auth_and_auth_over_access_token(portal: TestPortal) -> None:
    admin, user = portal.admin.token, portal.user.token

    def who(headers: dict[str, str], **given: object) -> object:
        return portal.admin.send("POST", "profile", headers=headers, json=given).result["ID"]

    header = {"aUTHORIZATION": f"Bearer {user}"}
    assert who(header, auth=admin, access_token=admin) == "2"
    assert who({}, auth=user, access_token=admin) == "2"
    assert who({}, auth="", access_token=user) == "2"
    assert who({}, auth=["x"], access_token=user) == "2"
    assert who({"Authorization": "Bearer"}, auth=user) == "2"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Basic", "Token"])
def test_the_header_needs_the_word_bearer(portal: TestPortal, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {portal.admin.token}"}

    assert portal.admin.send("POST", "profile", headers=headers).error == NO_AUTH


@pytest.mark.parametrize(
    "given", [{}, {"auth": ""}, {"auth": None}, {"auth": ["x"]}, {"auth": {}}, {"access_token": ""}]
)
def test_without_a_token_nobody_claims_the_call(
    any_portal: TestPortal, given: dict[str, Any]
) -> None:
    answer = any_portal.admin.send("POST", "profile", json=given)

    assert refused(answer, *NO_AUTH)


@pytest.mark.parametrize("token", ["nonsense", 0.5, True, "' OR 1=1 --", "x" * 5000, "\0"])
def test_an_unknown_token_is_invalid(any_portal: TestPortal, token: Any) -> None:
    answer = any_portal.admin.send("POST", "profile", json={"auth": token})

    assert refused(answer, *INVALID_TOKEN)


# The chain of an application's token


def test_a_token_of_an_inactive_application_finds_none(portal: TestPortal) -> None:
    caller = with_app(portal, active=False)

    assert refused(caller("profile"), 401, "APPLICATION_NOT_FOUND", "Application not found")


def test_an_expired_token_is_refused(portal: TestPortal) -> None:
    caller = with_app(portal, expires=PAST)

    text = "The access token provided has expired."
    assert refused(caller("profile"), 401, "expired_token", text)
    assert with_app(portal, expires=FUTURE)("profile").status == 200


def test_a_token_ends_at_the_second_that_it_names(server: MockBitrix, http: httpx.Client) -> None:
    apps = [{"tokens": [{"user": 1, "expires": "2026-01-02T10:00:00Z"}]}]
    portal = Control(server.url).create({"apps": apps})
    token = portal.document["apps"][0]["tokens"][0]["access_token"]
    caller = Client(http, f"{server.url}/rest", token)

    portal.freeze("2026-01-02T09:59:59+00:00")
    assert caller("profile").status == 200
    portal.freeze("2026-01-02T10:00:00+00:00")
    assert caller("profile").error[1] == "expired_token"


def test_a_method_outside_of_the_applications_scope_is_refused(portal: TestPortal) -> None:
    caller = with_app(portal, scope=["crm"])

    answer = caller("user.current")
    assert refused(answer, 401, "insufficient_scope", SCOPE.format("access"))
    for method in ("profile", "app.info", "events", "event.get", "scope", "server.time"):
        assert caller(method).status == 200  # the global scope: everybody has it


def test_a_user_who_is_not_active_is_not_authorised(portal: TestPortal) -> None:
    caller = with_app(portal, user=3)

    assert refused(caller("profile"), 401, "authorization_error", "Unable to authorize user")


def test_an_application_may_be_for_some_users_only(portal: TestPortal) -> None:
    caller = with_app(portal, user=2, access=[1])

    text = "The user does not have access to the application."
    assert refused(caller("profile"), 401, "user_access_error", text)
    assert with_app(portal, user=2, access=[2])("profile").status == 200


def test_an_application_whose_payment_has_ended_is_refused(portal: TestPortal) -> None:
    caller = with_app(portal, payment_expired=True)

    assert refused(caller("profile"), 401, "PAYMENT_REQUIRED", "Subscription has been ended")


def test_an_application_that_is_not_installed_yet_may_call(portal: TestPortal) -> None:
    caller = with_app(portal, installed=False)

    assert caller("app.info").result["INSTALLED"] is False


def test_refusals_of_a_token_come_in_their_order(portal: TestPortal) -> None:
    wrong: dict[str, Any] = {
        "payment_expired": True,
        "active": False,
        "expires": PAST,
        "scope": [],
        "user": 3,
        "access": [1],
    }
    right: dict[str, Any] = {
        "payment_expired": False,
        "active": True,
        "expires": None,
        "scope": ["user"],
        "user": 2,
    }
    seen = []
    for name, value in right.items():
        seen.append(with_app(portal, **wrong)("user.current").error[1])
        wrong[name] = value
    seen.append(with_app(portal, **wrong)("user.current").error[1])

    assert seen == [
        "PAYMENT_REQUIRED",
        "APPLICATION_NOT_FOUND",
        "expired_token",
        "insufficient_scope",
        "authorization_error",
        "user_access_error",
    ]


# Webhooks


def test_a_webhook_needs_user_and_secret(portal: TestPortal) -> None:
    _, user, secret = portal.webhook.base.rsplit("/", 2)
    rest = Client(portal.http, portal.admin.base)

    assert rest("profile", aplogin=user).error == NO_AUTH
    assert rest("profile", ap=secret).error == NO_AUTH
    assert rest("profile", aplogin=user, ap=secret).status == 200
    assert rest("profile", aplogin=1, ap=secret).status == 200


@pytest.mark.parametrize(
    ("user", "secret"),
    [("1", "nonsense"), ("2", None), ("0", None), ("01", None), ("1x", None), ("", None)],
)
def test_a_wrong_pair_of_user_and_secret_is_refused(
    portal: TestPortal, user: str, secret: str | None
) -> None:
    right = portal.webhook.base.rsplit("/", 1)[1]
    rest = Client(portal.http, portal.admin.base)

    answer = rest("profile", aplogin=user, ap=secret or right)

    assert refused(answer, *INVALID_CREDENTIALS)


@pytest.mark.parametrize("given", [{"aplogin": ["1"], "ap": "x"}, {"aplogin": "1", "ap": ["x"]}])
def test_a_pair_with_an_array_in_it_is_wrong(portal: TestPortal, given: dict[str, Any]) -> None:
    assert Client(portal.http, portal.admin.base)("profile", **given).error == INVALID_CREDENTIALS


def test_a_webhook_of_an_inactive_user_is_refused(portal: TestPortal) -> None:
    webhooks = [{"user": 3, "secret": "ofinactiveuser"}]
    install_portal(portal.server, portal.http, {"users": USERS, "webhooks": webhooks})

    rest = f"{portal.server.url}/rest/3/ofinactiveuser"
    assert Client(portal.http, rest)("profile").error == INVALID_CREDENTIALS


def test_a_webhook_has_a_scope_too(portal: TestPortal) -> None:
    poor = install_portal(portal.server, portal.http, {"webhooks": [{"scope": ["crm"]}]})

    answer = poor.webhook("user.current")

    assert refused(answer, 401, "insufficient_scope", SCOPE.format("webhook"))
    assert poor.webhook("profile").status == 200


def test_a_webhook_needs_https_in_profile_cloud(portal: TestPortal) -> None:
    strict = {"portal": {"switches": {"https": "required"}}}
    guarded = install_portal(portal.server, portal.http, strict)
    host = {"Host": guarded.domain}

    assert refused(guarded.webhook("profile"), 401, "INVALID_REQUEST", "Https required.")
    unknown = guarded.webhook.send("POST", "../nonsense/profile", headers=host)
    assert unknown.error == (401, "INVALID_REQUEST", "Https required.")
    assert guarded.admin("profile").status == 200  # a matter of webhooks only


def test_a_webhook_path_wins_over_a_token(portal: TestPortal) -> None:
    answer = portal.webhook("profile", auth=portal.user.token)

    assert answer.result["ID"] == "1"


# Which portal


def test_a_host_that_is_a_portals_domain_selects_it(portal: TestPortal, http: Any) -> None:
    other = install_portal(portal.server, http)
    for host in (other.domain, f"{other.domain}:443", other.domain.upper()):
        headers = {"Host": host}
        mine = portal.admin.send("GET", f"profile?auth={portal.admin.token}", headers=headers)
        assert mine.error == INVALID_TOKEN
        hook = portal.webhook.send("GET", "profile", headers=headers)
        assert hook.error == INVALID_CREDENTIALS
        theirs = other.admin.send("GET", f"profile?auth={other.admin.token}", headers=headers)
        assert theirs.status == 200
        assert other.webhook.send("GET", "profile", headers=headers).status == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8024", "[::1]", "[::1]:8024", "a.test"])
def test_under_any_other_host_the_token_or_secret_selects_the_portal(
    portal: TestPortal, host: str
) -> None:
    headers = {"Host": host}

    answer = portal.admin.send("GET", f"profile?auth={portal.admin.token}", headers=headers)
    assert answer.status == 200
    assert portal.webhook.send("GET", "profile", headers=headers).status == 200


# What methods refuse

FOR_APPLICATIONS: dict[str, dict[str, Any]] = {
    "event.bind": {},
    "event.unbind": {},
    "event.get": {},
    "events": {},
    "event.test": {},
    "event.offline.get": {"limit": 0},
    "event.offline.list": {"filter": "x"},
    "event.offline.clear": {},
    "event.offline.error": {},
}


@pytest.mark.parametrize("method", FOR_APPLICATIONS)
def test_a_webhook_may_not_call_what_is_for_applications(
    any_portal: TestPortal, method: str
) -> None:
    """Before anything else is looked at, the arguments included."""
    answer = any_portal.webhook(method, **FOR_APPLICATIONS[method])

    assert refused(answer, *WRONG_AUTH_TYPE)


OFFLINE = [method for method in FOR_APPLICATIONS if method.startswith("event.offline.")]


@pytest.mark.parametrize("method", OFFLINE)
def test_the_queue_is_for_administrators_in_profile_cloud(
    portal: TestPortal, cloud_portal: TestPortal, method: str
) -> None:
    given: dict[str, Any] = {"clear": 0, "process_id": "x", "message_id": []}

    assert portal.user(method, **given).status == 200
    assert refused(cloud_portal.user(method, **given), *ACCESS_DENIED)
    assert refused(cloud_portal.user(method, limit=0, filter="x"), *ACCESS_DENIED)
    assert cloud_portal.admin(method, **given).status == 200


def test_the_administrator_is_asked_for_before_the_plan_and_the_plan_before_arguments(
    cloud_portal: TestPortal,
) -> None:
    poor = without_feature(cloud_portal, "rest_offline_extended")
    text = "This feature is not enabled for the current license: extended offline events handling"

    assert poor.user("event.offline.get", clear=0, limit=0).error == ACCESS_DENIED
    assert refused(poor.admin("event.offline.get", clear=0, limit=0), 403, "WRONG_LICENSE", text)
    assert poor.admin("event.offline.get", clear=1, limit=0).body["argument"] == "LIMIT"
