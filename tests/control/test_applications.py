"""Applications come and go by the control API, and hear of it (protocol G.6)."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from mock_bitrix.testing.control import ControlError, PortalControl
from tests.events.handlers import Handler
from tests.support import Client, Json

PLACE = ["domain", "server_endpoint", "client_endpoint", "member_id"]
GRANTED = [
    "access_token",
    "expires",
    "expires_in",
    "scope",
    "domain",
    "server_endpoint",
    "status",
    "client_endpoint",
    "member_id",
    "user_id",
]


@pytest.fixture
def handler() -> Iterator[Handler]:
    with Handler() as listening:
        yield listening


def client(portal: PortalControl, http: httpx.Client, token: str) -> Client:
    return Client(http, f"{portal.transport.url}/rest", token)


def bound(event: str, handler: Handler, **more: Json) -> Json:
    """An application that has bound an event of its own life."""
    return {
        "client_id": "local.new",
        "bindings": [{"event": event, "handler": handler.url}],
        **more,
    }


def test_an_installed_application_is_told_at_its_install_url_with_tokens_that_work(
    made: PortalControl, http: httpx.Client, handler: Handler
) -> None:
    answer = made.install_app({"client_id": "local.new", "install_url": handler.url, "version": 3})

    told = handler.next().fields
    assert told["event"] == "ONAPPINSTALL"
    assert told["data"] == {
        "VERSION": "3",
        "ACTIVE": "Y",
        "INSTALLED": "Y",
        "LANGUAGE_ID": "en",
    }
    assert list(told["auth"]) == [*GRANTED, "refresh_token", "application_token"]
    assert told["auth"]["application_token"] == answer["app"]["application_token"]
    assert client(made, http, told["auth"]["access_token"])("app.info").result["INSTALLED"] is True
    assert answer["delivered"] == [{"client_id": "local.new", "handler": handler.url}]


def test_the_answer_describes_the_application_with_every_token_and_secret(
    made: PortalControl, http: httpx.Client
) -> None:
    app = made.install_app()["app"]

    assert app["installed"] is True
    assert app["client_secret"]
    (token,) = app["tokens"]
    assert client(made, http, token["access_token"])("profile").result["ADMIN"] is True
    assert app["client_id"] in [each["client_id"] for each in made.snapshot()["apps"]]


def test_a_loop_goes_on_with_the_application_that_came(
    made: PortalControl, http: httpx.Client
) -> None:
    app = made.install_app({"client_id": "local.new", "scope": ["crm"]})["app"]
    call = client(made, http, app["tokens"][0]["access_token"])

    assert call("event.bind", event="ONCRMLEADADD", event_type="offline").result is True
    queued = made.emit("ONCRMLEADADD", data={"FIELDS": {"ID": 5}})["queued"]

    assert [each["client_id"] for each in queued] == ["local.app", "local.new"]
    assert len(call("event.offline.get").result["events"]) == 1


def test_an_unfinished_installation_hears_of_nothing_until_it_is_finished(
    made: PortalControl, handler: Handler
) -> None:
    answer = made.install_app(bound("ONAPPINSTALL", handler, installed=False))
    assert answer["delivered"] == answer["skipped"] == []
    assert answer["app"]["installed"] is False

    heard = made.change_app("local.new", "install")

    assert heard["delivered"] == [{"client_id": "local.new", "handler": handler.url}]
    assert handler.next().fields["auth"]["user_id"] == "1"


def test_an_update_names_both_versions(made: PortalControl, handler: Handler) -> None:
    made.install_app(bound("ONAPPUPDATE", handler))

    made.change_app("local.new", "update")
    made.change_app("local.new", "update", version=7)

    first, second = handler.next().fields, handler.next().fields
    assert first["data"] == {"VERSION": "2", "PREVIOUS_VERSION": "1", "LANGUAGE_ID": "en"}
    assert second["data"]["VERSION"] == "7"
    assert list(second["auth"]) == [*GRANTED, "refresh_token", "application_token"]


@pytest.mark.parametrize(("clean", "shown"), [(True, "1"), (False, "0")])
def test_uninstalling_is_told_without_tokens_and_leaves_nothing(
    made: PortalControl, http: httpx.Client, handler: Handler, clean: bool, shown: str
) -> None:
    app = made.install_app(bound("ONAPPUNINSTALL", handler))["app"]

    made.uninstall_app("local.new", clean=clean)

    told = handler.next().fields
    assert told["data"] == {"LANGUAGE_ID": "en", "CLEAN": shown}
    assert list(told["auth"]) == [*PLACE, "application_token"]
    call = client(made, http, app["tokens"][0]["access_token"])
    assert call("profile").error[:2] == (401, "ERROR_OAUTH")
    assert [each["client_id"] for each in made.bindings()] == ["local.app"]


def test_what_was_uninstalled_can_be_installed_again(made: PortalControl) -> None:
    made.install_app({"client_id": "local.new"})
    made.uninstall_app("local.new")

    made.change_app("local.new", "install")

    app = next(each for each in made.snapshot()["apps"] if each["client_id"] == "local.new")
    assert (app["installed"], app["active"], app["tokens"]) == (True, True, [])


def test_a_payment_is_told_without_tokens_and_without_application_token(
    made: PortalControl, handler: Handler
) -> None:
    made.install_app(bound("ONAPPPAYMENT", handler))

    made.change_app("local.new", "payment", status="S", days=28)

    told = handler.next().fields
    assert told["data"] == {
        "CODE": "local.new",
        "VERSION": "1",
        "STATUS": "S",
        "PAYMENT_EXPIRED": "N",
        "DAYS": "28",
        "LANGUAGE_ID": "en",
    }
    assert list(told["auth"]) == PLACE


def test_an_expired_payment_ends_calls_and_events(made: PortalControl, http: httpx.Client) -> None:
    binding = {"event": "ONCRMLEADADD", "type": "offline"}
    app = made.install_app({"client_id": "local.new", "bindings": [binding]})["app"]

    made.change_app("local.new", "payment", expired=True)

    call = client(made, http, app["tokens"][0]["access_token"])
    assert call("app.info").error[1] == "PAYMENT_REQUIRED"
    skipped = made.emit("ONCRMLEADADD")["skipped"]
    assert [each["client_id"] for each in skipped] == ["local.new"]


def refused(error: pytest.ExceptionInfo[ControlError]) -> tuple[int, str | None]:
    return error.value.status, error.value.path


def test_an_application_that_is_there_already_is_refused(made: PortalControl) -> None:
    with pytest.raises(ControlError, match=r"local\.app is in the portal already") as error:
        made.install_app({"client_id": "local.app"})
    assert refused(error) == (422, "client_id")


def test_a_token_that_is_taken_is_refused_and_nothing_is_left(made: PortalControl) -> None:
    taken = made.document["apps"][0]["tokens"][0]["access_token"]

    with pytest.raises(ControlError) as error:
        made.install_app({"client_id": "local.new", "tokens": [{"access_token": taken}]})

    assert refused(error) == (422, "tokens[0].access_token")
    assert [each["client_id"] for each in made.snapshot()["apps"]] == ["local.app"]


@pytest.mark.parametrize(
    ("app", "path"),
    [
        ({"tokens": [{"user": 77}]}, "tokens[0].user"),
        ({"queue": [{"event": "ONCRMLEADADD"}]}, "queue"),
        ({"status": "X"}, "status"),
        ({"nmae": "x"}, "nmae"),
    ],
)
def test_a_wrong_description_is_refused_with_its_place(
    made: PortalControl, app: Json, path: str
) -> None:
    with pytest.raises(ControlError) as error:
        made.install_app(app)
    assert refused(error) == (422, path)


def test_an_application_that_is_not_there_is_refused(made: PortalControl) -> None:
    with pytest.raises(ControlError, match=r'no application "local\.ap"; did you mean') as error:
        made.uninstall_app("local.ap")
    assert refused(error) == (404, None)


def test_what_does_not_fit_its_state_is_refused(made: PortalControl) -> None:
    with pytest.raises(ControlError, match="is installed already"):
        made.change_app("local.app", "install")
    made.uninstall_app("local.app")
    for what in ("update", "payment"):
        with pytest.raises(ControlError, match="is not installed"):
            made.change_app("local.app", what)
    with pytest.raises(ControlError, match="is not installed"):
        made.uninstall_app("local.app")


def test_only_a_user_of_the_portal_can_do_it(made: PortalControl) -> None:
    with pytest.raises(ControlError) as error:
        made.change_app("local.app", "update", user_id=77)
    assert refused(error) == (422, "user_id")


def test_a_portal_of_a_seed_names_its_further_applications_alike(server: Json) -> None:
    from mock_bitrix.testing.control import Control

    control, names = Control(server.url), []
    for _ in range(2):
        portal = control.create({"portal": {"seed": "again"}, "apps": []})
        names.append([portal.install_app()["app"]["client_id"] for _ in range(2)])
        portal.delete()

    assert names[0] == names[1]
    assert names[0][0] != names[0][1]
