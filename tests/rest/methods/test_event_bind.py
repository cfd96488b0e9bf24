"""Subscribing and ending it (protocol F.1, F.2)."""

from __future__ import annotations

import pytest

from mock_bitrix.events import catalogue
from tests.rest.support import HANDLER, Echo, bind, bound, refused
from tests.support import Answer, Client, Json, TestPortal, install_portal

DENIED = "Access denied! {} requires administrator access rights"


def unbind(caller: Client, **given: Json) -> Answer:
    return caller("event.unbind", **{"event": "ONCRMLEADADD", **given})


# event.bind, row by row


def test_bind_by_a_user_for_another_one_is_refused_before_all_else(any_portal: TestPortal) -> None:
    text = DENIED.format("Event binding with AUTH_TYPE")

    for given in ({"event": ""}, {"event_type": "offline"}, {"event_type": "x"}, {"handler": "x"}):
        answer = bind(any_portal.user, **{"auth_type": 1, **given})
        assert refused(answer, 403, "ACCESS_DENIED", text)


@pytest.mark.parametrize("given", [{"event": ""}, {"event": None}, {"event": False}])
def test_bind_without_an_event_is_refused(any_portal: TestPortal, given: Json) -> None:
    answer = bind(any_portal.admin, event_type="x", **given)

    assert answer.error == (400, "ERROR_ARGUMENT", "Argument 'EVENT' is null or empty")
    assert answer.body["argument"] == "EVENT"


@pytest.mark.parametrize("kind", ["x", "", " offline", "offline ", "OFF", 1])
def test_bind_with_another_event_type_is_refused(any_portal: TestPortal, kind: Json) -> None:
    answer = bind(any_portal.user, event_type=kind)

    assert answer.error == (400, "ERROR_ARGUMENT", "Value must be one of {online|offline}")
    assert answer.body["argument"] == "EVENT_TYPE"


@pytest.mark.parametrize("kind", ["offline", "OFFLINE", "OffLine"])
def test_bind_offline_is_for_administrators(any_portal: TestPortal, kind: str) -> None:
    text = DENIED.format("Offline events binding")

    answer = bind(any_portal.user, event="NOSUCHEVENT", event_type=kind)

    assert refused(answer, 403, "ACCESS_DENIED", text)
    assert bind(any_portal.admin, event_type=kind).result is True


@pytest.mark.parametrize("given", [{}, {"handler": ""}, {"handler": None, "event_type": "ONLINE"}])
def test_bind_online_without_a_handler_is_refused(any_portal: TestPortal, given: Json) -> None:
    answer = bind(any_portal.admin, **{"event": "NOSUCHEVENT", **given})

    assert answer.error == (400, "ERROR_ARGUMENT", "Argument 'HANDLER' is null or empty")
    assert answer.body["argument"] == "HANDLER"


WRONG_URL = (400, "ERROR_WRONG_HANDLER_URL", "Wrong handler URL")


@pytest.mark.parametrize(
    "handler",
    ["handler", "example.com/handler", "https://", "http:///x", "mailto:x@y.z", "http://["],
)
def test_bind_of_a_handler_without_a_host_is_refused(any_portal: TestPortal, handler: str) -> None:
    assert refused(bind(any_portal.admin, event="NOSUCHEVENT", handler=handler), *WRONG_URL)


@pytest.mark.parametrize("host", ["localhost", "app:8080", ".localhost", "localhost."])
def test_bind_of_a_host_without_an_inner_dot_is_refused_in_profile_cloud(
    portal: TestPortal, cloud_portal: TestPortal, host: str
) -> None:
    handler = f"http://{host}/handler"

    assert bind(portal.admin, handler=handler).result is True
    assert refused(bind(cloud_portal.admin, handler=handler), *WRONG_URL)


def test_bind_of_an_address_in_numbers_passes(any_portal: TestPortal) -> None:
    assert bind(any_portal.admin, handler="http://127.0.0.1:9000/x").result is True


@pytest.mark.parametrize("scheme", ["ftp", "ws", "javascript"])
def test_bind_of_another_scheme_than_http_is_refused(any_portal: TestPortal, scheme: str) -> None:
    answer = bind(any_portal.admin, event="NOSUCHEVENT", handler=f"{scheme}://example.com/x")

    assert refused(answer, 400, "ERROR_UNSUPPORTED_PROTOCOL", "Unsupported handler protocol")


def test_bind_of_the_notice_offline_is_refused_without_an_argument(any_portal: TestPortal) -> None:
    answer = bind(any_portal.admin, event="onOfflineEvent", event_type="offline")

    text = "Offline event cannot be registered for this event."
    assert refused(answer, 400, "ERROR_ARGUMENT", text)


def test_only_the_notice_cannot_be_bound_offline() -> None:
    refusing = [code for code in catalogue.codes(None) if not _event(code).offline]

    assert refusing == ["ONOFFLINEEVENT"]


def _event(code: str) -> catalogue.Event:
    found = catalogue.find(code)
    assert found is not None
    return found


NOT_FOUND = (400, "ERROR_EVENT_NOT_FOUND", "Event not found")


@pytest.mark.parametrize("event", ["NOSUCHEVENT", "ONCRMLEADADD ", "ONCRMDYNAMICITEMADD_0"])
def test_bind_of_an_unknown_event_is_refused(any_portal: TestPortal, event: str) -> None:
    assert refused(bind(any_portal.admin, event=event, handler=HANDLER), *NOT_FOUND)
    assert refused(bind(any_portal.admin, event=event, event_type="offline"), *NOT_FOUND)


def test_bind_of_an_event_outside_of_the_applications_scope_is_refused(portal: TestPortal) -> None:
    tasks = {"apps": [{"scope": ["tasks"], "tokens": [{"user": 1}]}]}
    other = install_portal(portal.server, portal.http, tasks)

    assert refused(bind(other.admin, handler=HANDLER), *NOT_FOUND)
    assert bind(other.admin, event="ONTASKADD", handler=HANDLER).result is True
    assert bind(other.admin, event="ONAPPTEST", handler=HANDLER).result is True


@pytest.mark.parametrize("name", ["oncrmleadadd", "onCrmLeadAdd", "ONCRMLEADADD"])
def test_case_of_an_events_name_does_not_matter(any_portal: TestPortal, name: str) -> None:
    bind(any_portal.admin, event=name, handler=HANDLER)
    bind(any_portal.admin, event=name, event_type="offline")

    assert [each["event"] for each in bound(any_portal)] == ["ONCRMLEADADD"] * 2
    assert unbind(any_portal.admin, event=name, handler=HANDLER).result == {"count": 1}
    assert unbind(any_portal.admin, event=name, event_type="offline").result == {"count": 1}


def test_an_application_whose_installation_is_unfinished_may_bind(portal: TestPortal) -> None:
    app = {"scope": ["crm"], "installed": False, "tokens": [{"user": 1}]}
    new = install_portal(portal.server, portal.http, {"apps": [app]})

    assert bind(new.admin, handler=HANDLER).result is True
    assert bind(new.admin, event_type="offline").result is True


@pytest.mark.parametrize("given", [{"handler": HANDLER}, {"event_type": "offline"}])
def test_binding_the_same_again_is_refused(any_portal: TestPortal, given: Json) -> None:
    bind(any_portal.admin, **given)

    answer = bind(any_portal.admin, **{"event": "onCrmLeadAdd", **given})

    text = "Unable to set event handler: Handler already binded"
    assert refused(answer, 400, "ERROR_CORE", text)
    assert len(bound(any_portal)) == 1


def test_another_handler_user_or_connector_is_another_subscription(any_portal: TestPortal) -> None:
    for given in (
        {"handler": HANDLER},
        {"handler": HANDLER + "2"},
        {"handler": HANDLER, "auth_type": 2},
        {"handler": HANDLER, "auth_connector": "X"},
        {"event_type": "offline"},
        {"event_type": "offline", "auth_connector": "X"},
        {"event_type": "offline", "auth_connector": "x"},
    ):
        assert bind(any_portal.admin, **given).result is True

    assert len(bound(any_portal)) == 7


@pytest.mark.parametrize("auth_type", [0, -5, "abc", "", None, "0"])
def test_an_auth_type_that_is_no_user_counts_as_not_given(
    any_portal: TestPortal, auth_type: Json
) -> None:
    assert bind(any_portal.user, handler=HANDLER, auth_type=auth_type).result is True
    assert bind(any_portal.admin, handler=HANDLER, auth_type=auth_type).result is True

    assert [each["auth_type"] for each in bound(any_portal)] == ["2", "0"]


@pytest.mark.parametrize("own", [2, "2", "2abc"])
def test_a_user_may_name_themselves(any_portal: TestPortal, own: Json) -> None:
    assert bind(any_portal.user, handler=HANDLER, auth_type=own).result is True


def test_handler_and_user_are_of_no_concern_offline(any_portal: TestPortal) -> None:
    given = {"event_type": "offline", "handler": "nonsense", "auth_type": 2}

    assert bind(any_portal.admin, **given).result is True
    again = bind(any_portal.admin, event_type="offline")

    assert again.status == 400
    assert bound(any_portal) == [{"event": "ONCRMLEADADD", "connector_id": "", "offline": 1}]


@pytest.mark.parametrize(
    ("event", "options", "kept"),
    [
        ("ONOFFLINEEVENT", {"minTimeout": "15s", "other": 1}, {"minTimeout": 15}),
        ("onofflineevent", {"minTimeout": 0}, {"minTimeout": 0}),
        ("ONOFFLINEEVENT", {"minTimeout": None}, {}),
        ("ONOFFLINEEVENT", "minTimeout", {}),
        ("ONCRMLEADADD", {"minTimeout": 15}, {}),
    ],
)
def test_of_the_options_only_min_timeout_of_the_notice_is_kept(
    portal: TestPortal, event: str, options: Json, kept: Json
) -> None:
    bind(portal.admin, event=event, handler=HANDLER, options=options)

    directory = portal.server.emulator.directory.revised()
    found = directory.portal(portal.id)
    assert found is not None
    (binding,) = directory.bindings(found)
    assert binding.options == kept


# event.unbind


def test_unbind_checks_event_then_type_then_handler(any_portal: TestPortal) -> None:
    assert unbind(any_portal.user, event="", event_type="x").body["argument"] == "EVENT"
    assert unbind(any_portal.user, event_type="x", auth_type=1).body["argument"] == "EVENT_TYPE"
    assert unbind(any_portal.user, auth_type=1).body["argument"] == "HANDLER"


def test_unbind_offline_is_for_administrators(any_portal: TestPortal) -> None:
    answer = unbind(any_portal.user, event_type="offline", auth_type=1)

    text = DENIED.format("Offline events unbinding")
    assert refused(answer, 403, "ACCESS_DENIED", text)


@pytest.mark.parametrize("auth_type", [1, 0, "2", "", True, [2]])
def test_unbind_by_a_user_takes_nothing_but_their_own_number(
    any_portal: TestPortal, auth_type: Json
) -> None:
    answer = unbind(any_portal.user, handler=HANDLER, auth_type=auth_type)

    text = DENIED.format("Event unbinding with AUTH_TYPE")
    assert refused(answer, 403, "ACCESS_DENIED", text)


@pytest.mark.parametrize("given", [{}, {"auth_type": 2}, {"auth_type": None}])
def test_unbind_by_a_user_ends_their_own_subscription(any_portal: TestPortal, given: Json) -> None:
    bind(any_portal.user, handler=HANDLER)
    bind(any_portal.admin, handler=HANDLER)

    assert unbind(any_portal.user, handler=HANDLER, **given).result == {"count": 1}
    assert [each["auth_type"] for each in bound(any_portal)] == ["0"]


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({}, []),
        ({"auth_type": None}, []),
        ({"auth_type": 2}, ["0", "1"]),
        ({"auth_type": "2x"}, ["0", "1"]),
        ({"auth_type": 0}, ["1", "2"]),
        ({"auth_type": ""}, ["1", "2"]),
        ({"auth_type": 77}, ["0", "1", "2"]),
    ],
)
def test_unbind_by_an_administrator_ends_those_of_all_users_or_of_one(
    any_portal: TestPortal, given: Json, left: list[str]
) -> None:
    for user in (0, 1, 2):
        bind(any_portal.admin, handler=HANDLER, auth_type=user)

    answer = unbind(any_portal.admin, handler=HANDLER, **given)

    assert answer.result == {"count": 3 - len(left)}
    assert [each["auth_type"] for each in bound(any_portal)] == left


def test_unbind_online_ignores_the_connector(any_portal: TestPortal) -> None:
    bind(any_portal.admin, handler=HANDLER)
    bind(any_portal.admin, handler=HANDLER, auth_connector="X")

    answer = unbind(any_portal.admin, handler=HANDLER, auth_connector="Y")

    assert answer.result == {"count": 2}


def test_unbind_offline_ends_the_one_with_that_connector(any_portal: TestPortal) -> None:
    for connector in ("", "X", "x"):
        bind(any_portal.admin, event_type="offline", auth_connector=connector)
    bind(any_portal.admin, handler=HANDLER)

    answer = unbind(any_portal.admin, event_type="OFFLINE", auth_connector="X", auth_type=9)

    assert answer.result == {"count": 1}
    left = [each.get("connector_id") for each in bound(any_portal)]
    assert left == ["", "x", None]


@pytest.mark.parametrize(
    "given",
    [
        {"handler": HANDLER + "other"},
        {"handler": HANDLER.upper()},
        {"event": "ONCRMLEADUPDATE", "handler": HANDLER},
        {"event": "NOSUCHEVENT", "handler": HANDLER},
        {"event_type": "offline"},
    ],
)
def test_unbind_of_nothing_is_a_count_of_0(any_portal: TestPortal, given: Json) -> None:
    bind(any_portal.admin, handler=HANDLER)

    assert unbind(any_portal.admin, **given).result == {"count": 0}
    assert len(bound(any_portal)) == 1


def test_unbind_leaves_what_is_queued(any_portal: TestPortal) -> None:
    echo = Echo(any_portal)
    any_portal.admin("event.test", x="1")

    unbind(any_portal.admin, event="ONAPPTEST", event_type="offline", auth_connector="echo")

    assert echo.got() == {"x": "1"}


def test_applications_do_not_see_each_others_subscriptions(portal: TestPortal) -> None:
    tokens = [{"user": 1, "access_token": f"{portal.client_id}.{name}"} for name in "ab"]
    apps = [{"scope": ["crm"], "tokens": [token]} for token in tokens]
    two = install_portal(portal.server, portal.http, {"apps": apps})
    first, second = (Client(two.http, two.admin.base, str(t["access_token"])) for t in tokens)

    bind(first, handler=HANDLER)

    assert second("event.get").result == []
    assert unbind(second, handler=HANDLER).result == {"count": 0}
    assert bind(second, handler=HANDLER).result is True
