"""Calls and deliveries as they are shown: readable, without secrets, with hints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, select

from mock_bitrix.journal.entries import TAKEN, Delivered, Entry
from mock_bitrix.journal.hints import Hints
from mock_bitrix.journal.masking import Known, masked, masked_text
from mock_bitrix.php.dates import iso
from mock_bitrix.php.values import array_items
from mock_bitrix.portal.model import Portal
from mock_bitrix.storage import schema
from mock_bitrix.storage.statement import Statement

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator
    from mock_bitrix.rest.call import Caller

Shown = dict[str, Any]

_t, _w, _a, _b = schema.tokens.c, schema.webhooks.c, schema.applications.c, schema.bindings.c
_SECRETS = (
    (_t.access_token, _t.portal_id),
    (_t.refresh_token, _t.portal_id),
    (_w.secret, _w.portal_id),
    (_a.client_secret, _a.portal_id),
    (_a.application_token, _a.portal_id),
    (_b.application_token, _b.portal_id),
)
_secrets = [
    Statement(select(column).where(portal_id == bindparam("portal_id"), column.is_not(None)))
    for column, portal_id in _SECRETS
]


def known_secrets(emulator: Emulator, portal: Portal) -> Known:
    """Every token and secret of a portal, and the control key, to be hidden wherever they stand."""
    secrets = (emulator.database.run(statement, portal_id=portal.id) for statement in _secrets)
    known = {row[0] for rows in secrets for row in rows}
    return Known({*known, emulator.settings.control_key or ""})


class Showing:
    """Shows the calls of one portal."""

    def __init__(self, emulator: Emulator, portal: Portal) -> None:
        self._portal = portal
        self._hints = Hints(emulator, portal)
        self._known = known_secrets(emulator, portal)

    def text(self, entry: Entry | Delivered) -> bytes:
        """A call or a delivery as JSON, without any secret of the portal."""
        shown = self.call(entry) if isinstance(entry, Entry) else self.delivery(entry)
        return self._known.masked(orjson.dumps(shown))

    def call(self, entry: Entry) -> Shown:
        """A call; secrets are hidden where they go by a name, but not wherever else they stand."""
        return {
            "id": entry.id,
            "at": iso(entry.at, self._portal.zone),
            "method": masked_text(entry.method),
            "caller": _caller(entry.caller),
            "params": masked(dict(entry.parameters)),
            "status": entry.status,
            "answer": masked(_answer(entry)),
            "taken": entry.taken,
            "left": entry.left,
            "process_id": entry.process_id,
            "rows": [dict(zip(TAKEN, row, strict=True)) for row in orjson.loads(entry.rows)],
            "duration": round(entry.duration, 6),
            "hints": [masked_text(hint) for hint in self._hints.of(entry)],
            "generic": entry.generic,
            "verb": entry.verb,
            "fault": entry.fault,
            "sent": entry.arrived,
            "batch": entry.outer.id if entry.outer else None,
        }

    def delivery(self, entry: Delivered) -> Shown:
        """A delivery to a handler."""
        delivery = entry.delivery
        letter = delivery.letter
        return {
            "id": entry.id,
            "at": iso(entry.at, self._portal.zone),
            "client_id": letter.client_id,
            "event": letter.event,
            "handler": masked_text(letter.handler),
            "body": masked_text(letter.body),
            "status": delivery.status,
            "answer": masked_text(delivery.answer),
            "failure": delivery.failure,
            "duration": round(delivery.duration, 6),
        }


def _caller(caller: Caller | None) -> Shown | None:
    if caller is None:
        return None
    application = caller.application
    return {
        "client_id": application.client_id if application else None,
        "webhook": caller.webhook.id if caller.webhook else None,
        "user_id": caller.user.id,
        "auth_connector": caller.connector,
    }


def _answer(entry: Entry) -> object:
    """What was answered: JSON as a value, anything else as text."""
    if entry.outer is not None:
        return _part(_decoded(entry.outer.answer), entry.key)
    return _decoded(entry.answer)


def _decoded(body: bytes) -> Any:
    try:
        return orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")


def _part(answer: Any, key: str) -> object:
    """The answer to one command of a batch; None where the batch's didn't arrive."""
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        return None
    for found in (result.get("result"), result.get("result_error")):
        items = dict(array_items(found)) if isinstance(found, dict | list) else {}
        if key in items:
            return items[key]
    return None
