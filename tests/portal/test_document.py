from typing import Any

import pytest
from pydantic import ValidationError

from mock_bitrix.portal.document import Document, LooseRow
from mock_bitrix.portal.paths import shown
from mock_bitrix.portal.problems import problem_of


def problem(document: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        Document.model_validate(document)
    path, text = problem_of(caught.value, Document)
    return f"{shown(path)}: {text}"


def binding(**given: Any) -> dict[str, Any]:
    return {"apps": [{"bindings": [{"event": "ONCRMLEADADD", **given}]}]}


def test_every_part_is_optional() -> None:
    assert Document.model_validate({}).apps is None


def test_an_online_binding_needs_a_handler() -> None:
    assert problem(binding()) == (
        "apps[0].bindings[0]: has no handler; expected handler: http://…, or type: offline"
    )


def test_an_offline_binding_has_no_handler() -> None:
    assert problem(binding(type="offline", handler="http://x.y/")) == (
        "apps[0].bindings[0]: has a handler, but offline calls nobody; expected one or the other"
    )


def test_an_event_that_never_reaches_a_queue_is_not_bound_offline() -> None:
    assert problem(binding(event="ONOFFLINEEVENT", type="offline")).startswith(
        "apps[0].bindings[0]: ONOFFLINEEVENT never reaches a queue"
    )


@pytest.mark.parametrize("handler", ["ftp://x.y/", "x.y", "http://", "http://[x/", ""])
def test_a_handler_is_an_address(handler: str) -> None:
    assert problem(binding(handler=handler)) == (
        f'apps[0].bindings[0].handler: "{handler}" is no address; expected http://… or https://…'
    )


def test_event_codes_are_kept_in_upper_case() -> None:
    document = Document.model_validate(binding(event="onCrmLeadAdd", type="offline"))

    assert document.apps
    assert document.apps[0].bindings[0].event == "ONCRMLEADADD"


def test_further_keys_of_a_user_are_kept() -> None:
    document = Document.model_validate({"users": [{"id": 1, "EMAIL": "a@b.c"}]})

    assert document.users
    assert document.users[0].model_extra == {"EMAIL": "a@b.c"}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"portal": {"domin": 1}}, "portal.domin: no such key; did you mean domain?"),
        ({"zzz": 1}, ("zzz: no such key; expected one of portal, users, webhooks, outgoing, apps, "
                     "entities, stubs")),
        ({"portal": {"state": {"clock": {"ofset": 1}}}},
         "portal.state.clock.ofset: no such key; did you mean offset?"),
        ({"portal": {"expires_in": 3.5}},
         "portal.expires_in: 3.5 is no whole number; expected a whole number"),
        ({"portal": {"features": {"x": []}}},
         "portal.features.x: [] is no flag; expected true or false"),
        ({"portal": {"member_id": "x"}},
         'portal.member_id: "x" doesn\'t fit; expected 32 digits 0-9 and a-f'),
        ({"portal": {"state": {"clock": {"offset": float("inf")}}}},
         "portal.state.clock.offset: Infinity is no number; expected a number"),
        ({"portal": {"state": {"clock": {"frozen_at": 1e12}}}},
         ("portal.state.clock.frozen_at: 1000000000000.0 is out of range; "
         "expected a number below 253370764800.0")),
        ({"apps": [{"user_options": {"x": {}}}]},
         'apps[0].user_options.x: "x" is no whole number; expected a whole number'),
        ({"apps": [{"tokens": [{"expires": "2024-13-01T00:00:00Z"}]}]},
         ('apps[0].tokens[0].expires: "2024-13-01T00:00:00Z" is no time; '
         "expected a time such as 2024-07-18T12:32:31+02:00")),
        ({"apps": [{"tokens": [{"expires": "1969-01-01T00:00:00Z"}]}]},
         "apps[0].tokens[0].expires: expected a time from 1970 to 9998"),
        ({"apps": [{"tokens": [{"user": 2**63}]}]},
         ("apps[0].tokens[0].user: 9223372036854775808 is out of range; "
         "expected a number below 9223372036854775808")),
        ({"apps": [{"queue": [{"event": "ONAPPTEST", "message_id": True}]}]},
         "apps[0].queue[0].message_id: true is no text; expected text (in quotes: 'true')"),
        ({"entities": {"crm lead": []}},
         'entities.crm lead: "crm lead" doesn\'t fit; expected a name such as crm.lead'),
        ({"stubs": {"x": []}}, "stubs.x: [] is no map; expected a map"),
        ({"portal": {"license": 5}},
         "portal.license: 5 is no text; expected text (in quotes: '5')"),
    ],
)  # fmt: skip
def test_a_problem_is_told_in_words(document: dict[str, Any], expected: str) -> None:
    assert problem(document) == expected


def test_what_is_nested_too_deeply_is_a_problem_too() -> None:
    deep: Any = 1
    for _ in range(600):
        deep = [deep]

    found = problem({"apps": [{"queue": [{"event": "ONAPPTEST", "data": deep}]}]})
    assert found == "apps[0].queue[0].data: is nested too deeply"


def test_a_loose_row_needs_its_application() -> None:
    with pytest.raises(ValidationError) as caught:
        LooseRow.model_validate({"event": "ONAPPTEST"})

    assert problem_of(caught.value, LooseRow) == (("client_id",), "is missing")


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"portal": {"retention": True}}, "portal.retention"),
        ({"portal": {"expires_in": "5"}}, "portal.expires_in"),
        ({"portal": {"features": {"rest_auth_connector": 1}}}, "portal.features"),
        ({"users": [{"id": True}]}, "users.0.id"),
        ({"users": [{"id": 1, "admin": "yes"}]}, "users.0.admin"),
        ({"webhooks": [{"user": False}]}, "webhooks.0.user"),
        ({"apps": [{"queue": [{"event": "ONCRMLEADADD", "error": 1}]}]}, "apps.0.queue.0.error"),
    ],
)
def test_numbers_are_no_flags_and_texts_are_neither(document: dict[str, Any], path: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Document.model_validate(document)

    assert ".".join(map(str, refused.value.errors()[0]["loc"])).startswith(path)
