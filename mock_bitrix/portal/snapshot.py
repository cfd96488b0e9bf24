"""A portal as a fixture document: the inverse of `install`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import orjson
from sqlalchemy import Float, Integer, Table, bindparam, select

from mock_bitrix.portal import hidden
from mock_bitrix.portal.model import OFFLINE, OUTGOING, Portal
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

Part = dict[str, Any]


def _of_portal(table: Table, *order: str) -> Statement:
    of_portal = table.c.portal_id == bindparam("portal_id", type_=Integer())
    return Statement(select(*table.c).where(of_portal).order_by(*(table.c[name] for name in order)))


_q = schema.queue.c
_portal = Statement(select(*schema.portals.c).where(schema.portals.c.id == bindparam("portal_id")))
_tables = {
    table: _of_portal(table, *order)
    for table, order in (
        (schema.counters, ["name"]),
        (schema.users, ["id"]),
        (schema.webhooks, ["id"]),
        (schema.applications, ["id"]),
        (schema.user_options, ["application_id", "user_id"]),
        (schema.tokens, []),
        (schema.bindings, ["id"]),
    )
}
_rows = Statement(
    select(*_q)
    .where(
        _q.portal_id == bindparam("portal_id", type_=Integer()),
        _q.written > bindparam("dead", type_=Float(53)),
    )
    .order_by(_q.id)
)


def snapshot(database: Database, portal: Portal) -> Part:
    """The document of a portal, as plain data: installed elsewhere, it goes on alike.

    Everything is said: tokens and secrets too, what was generated, and hidden state. Expired rows
    are left out. Numbers of applications, which `app.info` shows, are not part of it.
    """
    with database.transaction():
        return _Snapshot(database, portal).document()


def snapshot_of_application(database: Database, portal: Portal, client_id: str) -> Part:
    """The part of the document that describes one application."""
    with database.transaction():
        apps = _Snapshot(database, portal).apps()
    return next(each for each in apps if each["client_id"] == client_id)


class _Snapshot:
    """One portal on its way into a document."""

    def __init__(self, database: Database, portal: Portal) -> None:
        self._database = database
        self._portal = portal
        self._applications = self._all(schema.applications)
        self._bindings = self._all(schema.bindings)
        self._orders = self._orders_of_bindings()

    def document(self) -> Part:
        """All parts."""
        from mock_bitrix.entities.loading import dump

        row = self._one_portal()
        return {
            "portal": self._portal_part(row),
            "users": [_user(each) for each in self._all(schema.users)],
            "webhooks": [_webhook(each) for each in self._all(schema.webhooks)],
            "outgoing": [self._outgoing(each) for each in self._bindings_of(OUTGOING)],
            "apps": self.apps(),
            "entities": dump(self._database, self._portal.id, self._portal.zone),
            "stubs": orjson.loads(row["extra"]).get("stubs", {}),
        }

    def _all(self, table: Table) -> list[Part]:
        rows = self._database.run(_tables[table], portal_id=self._portal.id)
        return [dict(zip(table.c.keys(), row, strict=True)) for row in rows]

    def _one_portal(self) -> Part:
        row = self._database.run(_portal, portal_id=self._portal.id)[0]
        return dict(zip(schema.portals.c.keys(), row, strict=True))

    def _portal_part(self, row: Part) -> Part:
        as_they_are = ("domain", "member_id", "timezone", "license", "expires_in", "retention")
        decoded = ("scopes", "operating_cost", "features", "switches")
        return {
            **{name: row[name] for name in as_they_are},
            **{name: orjson.loads(row[name]) for name in decoded},
            "seed": row["seed"],
            "state": self._state(row),
        }

    def _state(self, row: Part) -> Part:
        numbers = {
            "application_id": [each["id"] for each in self._applications],
            "binding_id": [each["id"] for each in self._bindings],
        }
        return {
            "counters": {each["name"]: each["value"] for each in self._all(schema.counters)},
            "clock": {"offset": row["clock_offset"], "frozen_at": row["clock_frozen_at"]},
            "hidden": hidden.read(self._database, self._portal.id, numbers),
        }

    def _orders_of_bindings(self) -> dict[int, int]:
        """Which binding is older, where the order of the document doesn't say so."""
        written = [
            binding["id"]
            for number in (OUTGOING, *(each["id"] for each in self._applications))
            for binding in self._bindings_of(number)
        ]
        if written == sorted(written):
            return {}
        return {number: order for order, number in enumerate(sorted(written))}

    def _bindings_of(self, application_id: int) -> Iterator[Part]:
        return (each for each in self._bindings if each["application_id"] == application_id)

    def _outgoing(self, row: Part) -> Part:
        kept = ("event", "handler", "application_token")
        return {name: row[name] for name in kept} | self._order(row)

    def _order(self, binding: Part) -> Part:
        return {"order": self._orders[binding["id"]]} if self._orders else {}

    def apps(self) -> list[Part]:
        """The applications, each with what belongs to it."""
        tokens = _grouped(self._all(schema.tokens))
        options = _grouped(self._all(schema.user_options))
        rows = self._queues()
        return [
            {
                **_application(each),
                "user_options": {
                    str(row["user_id"]): orjson.loads(row["options"])
                    for row in options.get(each["id"], ())
                },
                "tokens": [_token(row) for row in tokens.get(each["id"], ())],
                "bindings": [self._binding(row) for row in self._bindings_of(each["id"])],
                "queue": rows.get(each["id"], []),
            }
            for each in self._applications
        ]

    def _binding(self, row: Part) -> Part:
        shown = {"event": row["event"]}
        shown |= {"type": "offline"} if row["handler"] == OFFLINE else {"handler": row["handler"]}
        more = {
            "auth_connector": row["connector"],
            "user": row["user_id"],
            "options": orjson.loads(row["options"]),
        }
        return shown | {name: value for name, value in more.items() if value} | self._order(row)

    def _queues(self) -> dict[int, list[Part]]:
        dead = self._portal.clock.now() - self._portal.retention
        queues: dict[int, list[Part]] = {}
        for row in self._database.stream(_rows, portal_id=self._portal.id, dead=dead):
            values = dict(zip(_q.keys(), row, strict=True))
            queues.setdefault(values["application_id"], []).append(_row(values, self._portal.zone))
        return queues


def _grouped(rows: Sequence[Part]) -> dict[int, list[Part]]:
    groups: dict[int, list[Part]] = {}
    for row in rows:
        groups.setdefault(row["application_id"], []).append(row)
    return groups


def _user(row: Part) -> Part:
    return {
        "id": row["id"],
        "name": row["name"],
        "last_name": row["last_name"],
        "admin": bool(row["admin"]),
        "active": bool(row["active"]),
        **orjson.loads(row["extra"]),
    }


def _webhook(row: Part) -> Part:
    return {"user": row["user_id"], "secret": row["secret"], "scope": orjson.loads(row["scope"])}


def _application(row: Part) -> Part:
    as_they_are = (
        "client_id",
        "client_secret",
        "application_token",
        "name",
        "status",
        "version",
        "redirect_uri",
        "handler_url",
        "install_url",
    )
    return {
        **{name: row[name] for name in as_they_are},
        **{name: bool(row[name]) for name in ("installed", "active", "payment_expired")},
        "access": None if row["access"] is None else orjson.loads(row["access"]),
        "scope": orjson.loads(row["scope"]),
        "options": orjson.loads(row["options"]),
    }


def _token(row: Part) -> Part:
    shown = {"access_token": row["access_token"], "user": row["user_id"]}
    if row["refresh_token"] is not None:
        shown["refresh_token"] = row["refresh_token"]
    for name in ("expires", "refresh_expires"):
        if row[name] is not None:
            shown[name] = _time(row[name])
    return shown


def _decoded(text: str) -> Any:
    """JSON as a value; PHP's `-0` is a float, of which orjson makes the whole number 0."""
    if "-0" not in text:
        return orjson.loads(text)
    return json.loads(text, parse_int=lambda number: -0.0 if number == "-0" else int(number))


def _row(row: Part, zone: tzinfo) -> Part:
    shown = {
        "id": row["id"],
        "event": row["event"],
        "data": _decoded(row["data"]),
        "additional": _decoded(row["additional"]),
        "message_id": row["message_id"],
        "timestamp": datetime.fromtimestamp(row["timestamp"], zone).isoformat(),
    }
    more = {
        "auth_connector": row["connector"],
        "process_id": row["process_id"],
        "error": bool(row["error"]),
    }
    state = {"written": row["written"]}
    if row["reserved_at"] is not None:
        state["reserved_at"] = row["reserved_at"]
    return shown | {name: value for name, value in more.items() if value} | {"state": state}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
