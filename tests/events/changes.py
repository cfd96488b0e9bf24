"""Changes for the tests: made in a throw-away portal, by whom the test says."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from mock_bitrix.events.publish import Happening, Outcome
from mock_bitrix.portal.model import Application, Portal
from tests.support import TestPortal

LEAD = {"FIELDS": {"ID": "5"}}


def portal_of(test: TestPortal) -> Portal:
    """The portal as the emulator knows it now."""
    found = test.server.emulator.directory.revised().portal(test.id)
    assert found is not None
    return found


def application_of(test: TestPortal) -> Application:
    """The portal's first application as the emulator knows it now."""
    return test.server.emulator.directory.revised().applications(portal_of(test))[0]


def change(test: TestPortal, event: str = "ONCRMLEADADD", data: Any = LEAD, **who: Any) -> Outcome:
    """Something changes in the portal; without `who`, nobody did it."""
    return test.server.emulator.happen(portal_of(test), Happening(event, data, **who))


@contextlib.contextmanager
def rolled_back(test: TestPortal) -> Iterator[None]:
    """What happens inside is undone at the end, as when a call fails half-way."""
    with contextlib.suppress(LookupError), test.server.emulator.database.transaction():
        yield
        raise LookupError


def bind_offline(test: TestPortal, event: str = "ONCRMLEADADD", connector: str = "") -> None:
    """The application binds an event to its queue."""
    given = {"auth_connector": connector} if connector else {}
    assert test.admin("event.bind", event=event, event_type="offline", **given).result is True


def bind_online(test: TestPortal, handler: str, event: str = "ONCRMLEADADD", **more: Any) -> None:
    """The application binds an event to a handler."""
    assert test.admin("event.bind", event=event, handler=handler, **more).result is True
