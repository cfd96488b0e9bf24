"""What the log says of a call, of a delivery, of anything else: the fields of `--log json`."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import orjson

from mock_bitrix.journal.entries import Delivered, Entry
from mock_bitrix.journal.hints import nearest_method
from mock_bitrix.journal.masking import hide, masked_text
from mock_bitrix.journal.trades import METHOD
from mock_bitrix.rest import documented

Fields = dict[str, Any]

_CODE = re.compile(r"[A-Za-z0-9_ ]{1,60}")
_LONG_PART = re.compile(r"[^/]{20,}")


@dataclass(frozen=True, slots=True)
class Said:
    """Something that is neither call nor delivery: a note of the start, a warning, an error."""

    at: float
    level: str
    source: str
    text: str


def of_call(entry: Entry, domain: str | None, hints: Sequence[str]) -> Fields:
    """A call. `time` is the machine's, since a portal's clock may stand still."""
    caller = entry.caller
    application = caller.application if caller else None
    webhook = caller.webhook if caller else None
    return {
        "kind": "call",
        "time": moment(entry.id / 1e6),
        "id": entry.id,
        "portal": domain,
        "application": application.client_id if application else None,
        "webhook": webhook.id if webhook else None,
        "user": caller.user.id if caller else None,
        "method": entry.method if entry.known else shown_method(entry.method),
        "status": entry.status,
        "error": _error(entry) if entry.status != 200 else None,
        "taken": entry.taken,
        "left": entry.left,
        "duration": round(entry.duration, 6) or None,
        "sent": entry.arrived,
        "fault": entry.fault,
        "batch": entry.outer.id if entry.outer else None,
        "hints": hints,
    }


def of_delivery(entry: Delivered, domain: str | None) -> Fields:
    """A delivery to a handler."""
    delivery = entry.delivery
    return {
        "kind": "delivery",
        "time": moment(entry.id / 1e6),
        "id": entry.id,
        "portal": domain,
        "application": delivery.letter.client_id or None,
        "event": delivery.letter.event,
        "handler": shown_handler(delivery.letter.handler),
        "status": delivery.status,
        "failure": masked_text(delivery.failure) or None,
        "duration": round(delivery.duration, 6),
    }


def of_saying(said: Said) -> Fields:
    """Anything else."""
    return {
        "kind": "message",
        "time": moment(said.at),
        "level": said.level,
        "source": said.source,
        "message": said.text,
    }


def moment(at: float) -> str:
    """A time as ISO 8601 has it, in UTC, with milliseconds."""
    second = int(at)
    return f"{_second(second)}.{int((at - second) * 1000):03}Z"


@functools.lru_cache(4)
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@functools.lru_cache(256)
def shown_method(name: str) -> str:
    """A name that is no method: whole where it resembles one, for it may as well be a secret."""
    resembles = not name or name == METHOD or documented.exists(name) or nearest_method(name)
    return name if resembles else hide(name)


def shown_handler(address: str) -> str:
    """A handler's address without user, password and query; long parts of its path are cut."""
    try:
        url = urlsplit(address)
    except ValueError:
        return hide(address)
    host = url.netloc.rpartition("@")[2]
    path = _LONG_PART.sub(lambda found: hide(found[0]), masked_text(f"{url.path}/")[:-1])
    return f"{url.scheme}://{host}{path}{'?…' if url.query else ''}"


def _error(entry: Entry) -> str | None:
    """The code of a refusal; None where the answer has none, or it is not the server's own."""
    if entry.outer is not None or not entry.answer.startswith(b'{"error'):
        return None
    try:
        code = orjson.loads(entry.answer)["error"]
    except (orjson.JSONDecodeError, KeyError):
        return None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None
