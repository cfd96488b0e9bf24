"""ONOFFLINEEVENT: at most so often, and never afterwards (protocol G.5)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, update

from mock_bitrix.storage import schema
from mock_bitrix.storage.statement import Statement
from tests.events.changes import LEAD, bind_offline, bind_online, change, portal_of
from tests.events.handlers import Handler
from tests.support import Client, Json, TestPortal

START = 1_700_000_000.0

_freeze = Statement(
    update(schema.portals)
    .where(schema.portals.c.id == bindparam("number"))
    .values(clock_frozen_at=bindparam("at"))
)


@pytest.fixture
def handler() -> Iterator[Handler]:
    with Handler() as listening:
        yield listening


def at(test: TestPortal, seconds: float) -> None:
    """The portal's clock stands still, so many seconds after the beginning."""
    database = test.server.emulator.database
    with database.transaction():
        database.run(_freeze, number=test.id, at=START + seconds)
        database.raise_revision()


def bind_notice(test: TestPortal, handler: Handler, timeout: Json = None) -> None:
    options = {} if timeout is None else {"options": {"minTimeout": timeout}}
    bind_online(test, handler.url, "ONOFFLINEEVENT", **options)


def heard(test: TestPortal, handler: Handler, moments: list[float]) -> list[float]:
    """Of changes at these moments, the moments at which a notice came."""
    for number, moment in enumerate(moments):
        at(test, moment)
        change(test, data={"FIELDS": {"ID": number}}, user_id=1)
    bind_online(test, handler.url, "ONAPPTEST")  # what comes last shows that nothing else comes
    test.server.emulator.happen(portal_of(test), _last())
    found = []
    while (fields := handler.next().fields)["event"] == "ONOFFLINEEVENT":
        found.append(float(fields["ts"]) - START)
    return found


def _last() -> Json:
    from mock_bitrix.events.publish import Happening

    return Happening("ONAPPTEST", LEAD, 1)


MOMENTS = [0, 0.5, 0.9, 1, 1.5, 2, 4, 5, 5.5, 100]


@pytest.mark.parametrize(
    ("timeout", "expected"),
    [
        (None, [0, 1, 2, 4, 5, 100]),
        (1, [0, 1, 2, 4, 5, 100]),
        ("5", [0, 5, 100]),
        (5, [0, 5, 100]),
        (600, [0]),
    ],
)
def test_notices_keep_the_time_between_them_and_none_comes_later(
    portal: TestPortal, handler: Handler, timeout: Json, expected: list[float]
) -> None:
    bind_offline(portal)
    bind_notice(portal, handler, timeout)

    assert heard(portal, handler, MOMENTS) == expected


def test_the_cloud_keeps_one_second_whatever_is_asked(
    cloud_portal: TestPortal, handler: Handler
) -> None:
    bind_offline(cloud_portal)
    bind_notice(cloud_portal, handler, 600)

    assert heard(cloud_portal, handler, MOMENTS) == [0, 1, 2, 4, 5, 100]


@pytest.mark.parametrize("timeout", [0, -1])
def test_without_a_timeout_each_hit_is_told(
    portal: TestPortal, handler: Handler, timeout: int
) -> None:
    bind_offline(portal)
    bind_notice(portal, handler, timeout)

    assert heard(portal, handler, [0, 0, 0]) == [0, 0, 0]


def test_one_hit_is_told_once_however_many_rows_it_wrote(
    portal: TestPortal, handler: Handler
) -> None:
    bind_offline(portal, "ONAPPTEST", "X")
    bind_notice(portal, handler, 0)

    command = {f"c{n}": f"event.test?number={n}" for n in range(5)}
    assert portal.admin("batch", cmd=command).result["result_error"] == []
    assert portal.admin("event.test", number=6).result == 1

    assert len(portal.queue(auth_connector="X")) == 6
    assert [handler.next().fields["event"] for _ in "12"] == ["ONOFFLINEEVENT"] * 2
    assert handler.received.empty()


def test_a_clock_that_was_set_back_does_not_silence_it(
    portal: TestPortal, handler: Handler
) -> None:
    bind_offline(portal)
    bind_notice(portal, handler, 60)

    assert heard(portal, handler, [1000, 10, 20]) == [1000, 10]


def test_only_the_application_that_got_rows_is_told(portal: TestPortal, handler: Handler) -> None:
    bind_notice(portal, handler, 0)

    assert heard(portal, handler, [0, 1]) == []


def test_a_notice_has_no_data_and_brings_both_tokens(portal: TestPortal, handler: Handler) -> None:
    bind_offline(portal)
    bind_notice(portal, handler)

    change(portal, user_id=2)

    received = handler.next()
    assert received.names[:3] == ["event", "event_handler_id", "ts"]
    assert received.names[-2:] == ["auth[refresh_token]", "auth[application_token]"]
    given = received.fields["auth"]
    assert given["user_id"] == "2"
    caller = Client(portal.http, given["client_endpoint"].rstrip("/"), given["access_token"])
    assert len(caller("event.offline.list").result) == 1


def test_a_refreshed_row_is_told_like_a_new_one(portal: TestPortal, handler: Handler) -> None:
    bind_offline(portal)
    bind_notice(portal, handler, 0)

    assert not change(portal).queued[0].refreshed
    assert change(portal).queued[0].refreshed

    assert [handler.next().fields["event"] for _ in "12"] == ["ONOFFLINEEVENT"] * 2
