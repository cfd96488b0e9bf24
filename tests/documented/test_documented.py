"""Every documented pair of the queue's methods: the request, and the shape of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.documented.examples import Example, queue_examples
from tests.documented.shapes import Profile, assert_same_shape
from tests.support import Answer, Json, TestPortal, install_portal

RULES = Path(__file__).parents[2] / "docs" / "rules.md"
OLDER_SAMPLES = "## Documented samples that are older than the server"
HANDLER = "https://www.my-domain.com/handler/"
PROCESS = "yh3gu929sf0d32lsfysqas2y1hlpp09q"
OPTIONS = {"data": "value", "data2": "value2"}
SHOWN = "2024-07-18T12:32:31+02:00"


@dataclass(frozen=True)
class Older:
    """A sample that this server doesn't answer with: a row of the page."""

    method: str
    says: str
    does: str
    why: str

    def fits(self, example: Example) -> bool:
        """Whether this is about the example."""
        return example.method == self.method and self.says == said(example)


def said(example: Example) -> str:
    """What a sample says, in short: of refusals and of batches only."""
    response = example.response or {}
    if "error" in response:
        return f"{example.status} {response['error']}"
    if example.method != "batch" or not response:
        return ""
    maps = response["result"]
    kind, named = (
        ("answers", maps["result"]) if maps["result"] else ("errors", maps["result_error"])
    )
    return f"{kind} of {', '.join(named)}"


CONTEXT = "403 ACCESS_DENIED, Access denied! Application context required"
EMPTY = "400 ERROR_ARGUMENT, Argument 'options' is null or empty, and argument"
SOURCE = "the server's source is newer than the page (B.10)"
EXCEPTIONS = [
    *(
        Older(f"{whose}.option.get", "400 AccessException", CONTEXT, SOURCE)
        for whose in ("app", "user")
    ),
    *(
        Older(f"{whose}.option.set", "400 ArgumentNullException", EMPTY, SOURCE)
        for whose in ("app", "user")
    ),
    Older(
        "app.info",
        "400 ACCESS_DENIED",
        "a webhook gets SCOPE and LICENSE",
        "the refusal is for sessions of a browser, with status 403 (B.10); there are none here",
    ),
    Older(
        "batch",
        "answers of get_user, get_department",
        "user.current has the keys of its own page",
        "the sample's user has TIMESTAMP_X and no WORK_POSITION; on that page it is otherwise",
    ),
    Older(
        "batch",
        "errors of get_user",
        "without halt both calls fail",
        "the sample is the answer to halt 1, which its request does not show",
    ),
]


def exception_for(example: Example) -> Older | None:
    """The reason why this sample is none of ours, if there is one."""
    return next((older for older in EXCEPTIONS if older.fits(example)), None)


def cases(examples: list[Example]) -> list[Any]:
    """The examples as parameters, with names."""
    return [
        pytest.param(example, id=f"{number}-{example.method}")
        for number, example in enumerate(examples)
    ]


CURRENT = [example for example in queue_examples() if exception_for(example) is None]
ANSWERED = cases([example for example in CURRENT if example.tied])
REFUSED = cases([each for each in CURRENT if not each.tied and each.response is not None])
UNANSWERED = cases([example for example in CURRENT if example.response is None])


def seeded(base: TestPortal, example: Example) -> TestPortal:
    """A portal in which the sample's answer is possible."""
    app: Json = {
        "scope": ["crm", "task", "user"],
        "tokens": [{"user": 1}, {"user": 2}],
        "options": OPTIONS,
        "user_options": {"1": OPTIONS},
    }
    if example.method in ("event.get", "event.unbind"):
        users = (0, 15) if example.method == "event.get" else (0,)
        app["bindings"] = [
            {"event": "ONCRMLEADADD", "handler": HANDLER, "user": user} for user in users
        ]
    reserved = PROCESS if "process_id" in example.body else ""
    connector = example.body.get("auth_connector", "")
    app["queue"] = [
        {
            "id": number,
            "event": event,
            "message_id": str(number),
            "timestamp": SHOWN,
            "process_id": reserved,
            "auth_connector": connector,
        }
        for number, event in enumerate(("ONCRMLEADADD", "ONCRMCOMPANYADD"), 1)
    ]
    hook_scope = [] if example.method == "batch" else ["user"]
    document: Json = {
        "portal": {"timezone": "Europe/Berlin", "license": "de_ent10000"},
        "users": [{"id": 1, "admin": True, "UF_DEPARTMENT": [1]}, {"id": 2}, {"id": 15}],
        "webhooks": [{"scope": hook_scope}],
        "apps": [app],
    }
    return install_portal(base.server, base.http, document)


def ask(portal: TestPortal, example: Example, **more: Json) -> Answer:
    """Send the documented request as who may send it."""
    caller = portal.admin if "oauth" in example.via else portal.webhook
    return caller(example.method, **{**example.body, **more})


@pytest.mark.parametrize("profile", ["docs", "cloud"])
@pytest.mark.parametrize("example", ANSWERED)
def test_a_documented_request_is_answered_in_the_documented_shape(
    request: pytest.FixtureRequest, example: Example, profile: Profile
) -> None:
    base = request.getfixturevalue({"docs": "portal", "cloud": "cloud_portal"}[profile])

    answer = ask(seeded(base, example), example)

    assert answer.status == example.status
    documented = {**example.response, "time": example.response.get("time")}  # some leave it out
    assert_same_shape(documented, answer.body, profile)


@pytest.mark.parametrize("example", REFUSED)
def test_a_documented_refusal_is_what_the_cloud_says(
    cloud_portal: TestPortal, example: Example
) -> None:
    portal = seeded(cloud_portal, example)
    provoked: dict[str, Json] = {
        "feature.get": {"CODE": ""},
        "event.bind": {"event": "NOSUCHEVENT"},
        "event.unbind": {"event_type": "offline"},
    }
    caller = portal.admin if example.method in ("feature.get", "event.bind") else portal.user

    answer = caller(example.method, **{**example.body, **provoked.get(example.method, {})})

    assert (answer.status, answer.body) == (example.status, example.response)


@pytest.mark.parametrize("example", UNANSWERED)
def test_a_documented_request_without_an_answer_is_understood(
    any_portal: TestPortal, example: Example
) -> None:
    answer = ask(seeded(any_portal, example), example)

    assert next(iter(answer.body)) == "result", answer.body


def test_every_documented_pair_is_held_or_an_exception() -> None:
    excepted = [example for example in queue_examples() if exception_for(example)]

    assert len(ANSWERED) + len(REFUSED) + len(UNANSWERED) + len(excepted) == 49
    assert len(excepted) == len(EXCEPTIONS) == 7


def test_the_page_lists_the_same_exceptions() -> None:
    section = RULES.read_text(encoding="utf-8").partition(OLDER_SAMPLES)[2].partition("\n## ")[0]
    rows = [line.strip("| \n").split(" | ") for line in section.splitlines() if line[:1] == "|"]
    methods = {example.method for example in queue_examples()}
    listed = [row for row in rows[2:] if row[0] in methods]

    assert listed == [[each.method, each.says, each.does, each.why] for each in EXCEPTIONS]
