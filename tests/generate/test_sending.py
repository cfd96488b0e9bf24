"""A stream of changes in a running portal, made by its webhook and, for echoes, its application."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pytest

from mock_bitrix import clock
from mock_bitrix.generate import sending
from mock_bitrix.generate.access import Access, access_in
from mock_bitrix.generate.client import Client
from mock_bitrix.generate.mixes import MIXES
from mock_bitrix.generate.sending import Report, send
from mock_bitrix.generate.stream import Step, steps
from mock_bitrix.settings import SettingError
from tests.events.changes import bind_offline
from tests.support import TestPortal

CONNECTOR = "sync"


@pytest.fixture
def client(portal: TestPortal) -> Iterator[Client]:
    opened = Client(portal.server.url)
    yield opened
    opened.close()


def access(portal: TestPortal) -> Access:
    return Access(
        portal.webhook.base.removeprefix(portal.server.url), portal.admin.token, CONNECTOR
    )


def sent(portal: TestPortal, client: Client, stream: list[Step]) -> Report:
    *_, last = send(client, access(portal), stream)
    return last


def test_the_portal_ends_up_with_what_the_stream_says(portal: TestPortal, client: Client) -> None:
    stream = list(islice(steps(MIXES["busy-crm"], 50, "1"), 200))

    report = sent(portal, client, stream)

    assert report.made == Counter(step.action for step in stream)
    assert report.echoes == sum(step.echo for step in stream)
    assert not report.refused
    alive = Counter(step.kind for step in stream if step.action == "add")
    alive -= Counter(step.kind for step in stream if step.action == "delete")
    for kind in MIXES["busy-crm"].kinds:
        assert portal.admin(f"{kind}.list").body["total"] == alive[kind]


def test_echoes_are_made_under_the_connector_and_nobody_hears_them(
    portal: TestPortal, client: Client
) -> None:
    bind_offline(portal, connector=CONNECTOR)
    bind_offline(portal, connector="other")
    fields = {"TITLE": "Website"}
    stream = [Step(0, "add", "crm.lead", number, fields, number == 1) for number in range(3)]

    sent(portal, client, stream)

    assert len(portal.queue(auth_connector=CONNECTOR)) == 2
    assert len(portal.queue(auth_connector="other")) == 3


def test_what_could_not_be_added_is_left_out_later(portal: TestPortal, client: Client) -> None:
    stream = [
        Step(0, "add", "crm.nothing", 0, {"TITLE": "x"}, False),
        Step(0, "update", "crm.nothing", 0, {"TITLE": "y"}, False),
    ]

    report = sent(portal, client, stream)

    assert report.refused == {"ERROR_METHOD_NOT_FOUND": 1}
    assert (report.left_out, report.made.total()) == (1, 0)


def test_a_change_that_comes_too_soon_is_made_again(
    portal: TestPortal, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mock_bitrix.generate.client import Refused

    monkeypatch.setattr(sending, "PAUSE", 0)
    refusals = iter([Refused(sending.TOO_MANY, 503), Refused(sending.TOO_MANY, 503)])
    post = client.post

    def limited(path: str, body: dict[str, object]) -> object:
        for refusal in refusals:
            raise refusal
        return post(path, body)

    monkeypatch.setattr(client, "post", limited)

    report = sent(portal, client, [Step(0, "add", "crm.lead", 0, {"TITLE": "x"}, False)])

    assert report.made == {"add": 1}


def test_the_credentials_are_the_first_ones_of_the_document() -> None:
    document = {
        "webhooks": [{"user": 3, "secret": "abc"}],
        "apps": [
            {"client_id": "local.none"},
            {
                "tokens": [{"access_token": "t1"}, {"access_token": "t2"}],
                "bindings": [
                    {"event": "ONCRMLEADADD", "handler": "http://127.0.0.1:9/"},
                    {"event": "ONCRMLEADADD", "type": "offline", "auth_connector": "X"},
                ],
            },
        ],
    }

    assert access_in(document) == Access("/rest/3/abc", "t1", "X")
    assert access_in({"webhooks": document["webhooks"]}) == Access("/rest/3/abc", None, "")
    with pytest.raises(SettingError, match="no webhook"):
        access_in({})


def test_no_step_comes_before_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(clock, "stopwatch", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    stream = [Step(at, "delete", "crm.lead", 0, {}, False) for at in (0, 0.5, 0.5, 3, 9.9, 10)]

    moments = [now[0] - 100 for _ in sending.paced(stream, 10)]

    assert moments == pytest.approx([0, 0.5, 0.5, 3, 9.9])
