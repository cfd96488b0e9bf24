"""From a fixture document to a portal in the database."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

import orjson
from pydantic import BaseModel
from sqlalchemy import bindparam, insert, select

from mock_bitrix import clock
from mock_bitrix.portal.document import (
    ApplicationPart,
    Document,
    OutgoingPart,
    PortalPart,
    RowPart,
    TokenPart,
    UserPart,
    WebhookPart,
)
from mock_bitrix.portal.model import OFFLINE, OUTGOING
from mock_bitrix.portal.row_values import row_values
from mock_bitrix.portal.scopes import DEFAULT_SCOPES
from mock_bitrix.queue.statements import KEY, insert_as_is
from mock_bitrix.randomness import Randomness
from mock_bitrix.storage import schema
from mock_bitrix.storage.counters import Counters
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement


class LoadError(ValueError):
    """A document that fits the schema, but not what is there. `path` says where it is wrong."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


def _inserting(table: Any, *, numbered: bool = False) -> Statement:
    columns = [c for c in table.c if not (numbered and c.name == "id")]
    statement = insert(table).values({c.name: bindparam(c.name) for c in columns})
    return Statement(statement.returning(table.c.id) if numbered else statement)


def _finding(column: Any) -> Statement:
    return Statement(select(column).where(column == bindparam("value")).limit(1))


_insert_portal = _inserting(schema.portals, numbered=True)
_insert_application = _inserting(schema.applications, numbered=True)
_insert_binding = _inserting(schema.bindings, numbered=True)
_insert_webhook = _inserting(schema.webhooks, numbered=True)
_insert_user = _inserting(schema.users)
_insert_token = _inserting(schema.tokens)
_insert_user_options = _inserting(schema.user_options)

_find_domain = _finding(schema.portals.c.domain)
_find_member_id = _finding(schema.portals.c.member_id)
_find_access_token = _finding(schema.tokens.c.access_token)
_find_refresh_token = _finding(schema.tokens.c.refresh_token)
_find_secret = _finding(schema.webhooks.c.secret)

DEFAULT_USERS = (UserPart(id=1, name="Anna", last_name="Admin", admin=True),)
FEATURES = {"rest_offline_extended": True, "rest_auth_connector": True}


def install(database: Database, document: Document) -> int:
    """Make the portal that a document describes; give its number.

    All or nothing. Raises `LoadError` where something that must be unique is there already.
    """
    with database.transaction():
        number = _Installation(database, document).run()
        database.raise_revision()
    return number


class _Installation:
    """One document on its way into the database."""

    def __init__(self, database: Database, document: Document) -> None:
        self._database = database
        self._document = document
        steps = itertools.count(1)
        self._random = Randomness(document.portal.seed, lambda: -next(steps))
        self._portal_id = 0
        self._now = clock.system_now()

    def run(self) -> int:
        """Write everything; give the portal's number."""
        document = self._document
        self._portal_id = self._portal(document.portal)
        for user in document.users or DEFAULT_USERS:
            self._user(user)
        for number, webhook in enumerate(document.webhooks):
            self._webhook(webhook, f"webhooks[{number}]")
        for outgoing in document.outgoing:
            self._outgoing(outgoing)
        applications = document.apps
        if applications is None:
            applications = [ApplicationPart(tokens=[TokenPart(refresh_token=self._token())])]
        self._applications(applications)
        return self._portal_id

    def _token(self) -> str:
        return self._random.secret(32)

    def _unique(self, statement: Statement, value: str, path: str) -> str:
        if self._database.run(statement, value=value):
            raise LoadError(path, f'"{value}" is taken already; it must be unique in a server')
        return value

    def _portal(self, part: PortalPart) -> int:
        domain = part.domain or f"b24-{self._random.secret(6)}.bitrix24.test"
        member_id = part.member_id or self._random.hexadecimal(32)
        document = self._document
        return self._insert(
            _insert_portal,
            domain=self._unique(_find_domain, domain, "portal.domain"),
            member_id=self._unique(_find_member_id, member_id, "portal.member_id"),
            timezone=part.timezone,
            license=part.license,
            scopes=_json(part.scopes if part.scopes is not None else DEFAULT_SCOPES),
            expires_in=part.expires_in,
            retention=part.retention,
            features=_json(FEATURES | part.features),
            switches=_json(part.switches),
            seed=part.seed,
            clock_offset=0.0,
            clock_frozen_at=None,
            extra=_json({"entities": document.entities, "stubs": document.stubs}),
        )

    def _user(self, part: UserPart) -> None:
        self._database.run(
            _insert_user,
            portal_id=self._portal_id,
            id=part.id,
            name=part.name,
            last_name=part.last_name,
            admin=int(part.admin),
            active=int(part.active),
            extra=_json(part.model_extra or {}),
        )

    def _webhook(self, part: WebhookPart, path: str) -> None:
        secret = part.secret or self._random.secret(16)
        self._insert(
            _insert_webhook,
            portal_id=self._portal_id,
            user_id=part.user,
            secret=self._unique(_find_secret, secret, f"{path}.secret"),
            scope=_json(part.scope),
        )

    def _outgoing(self, part: OutgoingPart) -> None:
        self._binding(
            OUTGOING,
            event=part.event,
            handler=part.handler,
            application_token=part.application_token or self._token(),
        )

    def _applications(self, parts: Sequence[ApplicationPart]) -> None:
        rows = _Rows(self._database, self._portal_id, self._now)
        for number, part in enumerate(parts):
            path = f"apps[{number}]"
            application_id = self._application(part)
            for index, token in enumerate(part.tokens):
                self._grant(application_id, token, f"{path}.tokens[{index}]")
            for binding in part.bindings:
                self._binding(
                    application_id,
                    event=binding.event,
                    handler=OFFLINE if binding.type == "offline" else binding.handler,
                    user_id=binding.user,
                    connector=binding.auth_connector,
                    options=binding.options,
                )
            rows.add(application_id, part.queue, f"{path}.queue")
        rows.write()

    def _application(self, part: ApplicationPart) -> int:
        application_id = self._insert(
            _insert_application,
            portal_id=self._portal_id,
            client_id=part.client_id or f"local.{self._random.hexadecimal(14)}",
            client_secret=part.client_secret or self._random.secret(50),
            application_token=part.application_token or self._random.hexadecimal(32),
            access=None if part.access is None else _json(part.access),
            options=_json(part.options),
            scope=_json(part.scope),
            **part.model_dump(
                include={
                    "name",
                    "status",
                    "version",
                    "redirect_uri",
                    "handler_url",
                    "install_url",
                }
            ),
            installed=int(part.installed),
            active=int(part.active),
            payment_expired=int(part.payment_expired),
        )
        for user_id, options in part.user_options.items():
            self._database.run(
                _insert_user_options,
                portal_id=self._portal_id,
                application_id=application_id,
                user_id=user_id,
                options=_json(options),
            )
        return application_id

    def _grant(self, application_id: int, part: TokenPart, path: str) -> None:
        access, refresh = part.access_token or self._token(), part.refresh_token
        self._unique(_find_access_token, access, f"{path}.access_token")
        if refresh is not None:
            self._unique(_find_refresh_token, refresh, f"{path}.refresh_token")
        self._database.run(
            _insert_token,
            portal_id=self._portal_id,
            application_id=application_id,
            access_token=access,
            refresh_token=refresh,
            user_id=part.user,
            expires=part.expires.timestamp() if part.expires else None,
        )

    def _binding(self, application_id: int, **given: Any) -> None:
        values = {"user_id": 0, "connector": "", "options": {}, "application_token": None, **given}
        values["options"] = _json(values["options"])
        self._insert(
            _insert_binding, portal_id=self._portal_id, application_id=application_id, **values
        )

    def _insert(self, statement: Statement, **values: Any) -> int:
        return int(self._database.run(statement, **values)[0][0])


class _Rows:
    """The queue rows of one document: ids where they were given, the next ones elsewhere."""

    def __init__(self, database: Database, portal_id: int, now: float) -> None:
        self._database = database
        self._portal_id = portal_id
        self._now = now
        self._rows: list[tuple[int, RowPart]] = []
        self._keys: dict[tuple[object, ...], str] = {}
        self._ids: dict[int, str] = {}

    def add(self, application_id: int, parts: Iterable[RowPart], path: str) -> None:
        """Remember rows; refuse two of the same key or id, naming both places."""
        for index, part in enumerate(parts):
            place = f"{path}[{index}]"
            values = row_values(part, self._portal_id, application_id, self._now)
            self._once(self._keys, tuple(values[name] for name in KEY), place, "key (message id)")
            if part.id is not None:
                self._once(self._ids, part.id, place, "id")
            self._rows.append((application_id, part))

    def write(self) -> None:
        """Write what was added."""
        counters = Counters(self._database, self._portal_id)
        counters.at_least("row", max(self._ids, default=0))
        free = len(self._rows) - len(self._ids)
        last = counters.next("row", free) if free else 0
        numbers = iter(range(last - free + 1, last + 1))
        self._database.change_many(
            insert_as_is,
            [
                row_values(part, self._portal_id, application_id, self._now)
                | {"id": part.id or next(numbers)}
                for application_id, part in self._rows
            ],
        )

    def _once(self, seen: dict[Any, str], key: object, place: str, what: str) -> None:
        if key in seen:
            raise LoadError(place, f"has the same {what} as {seen[key]}")
        seen[key] = place


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def dumped(document: BaseModel) -> dict[str, Any]:
    """A document as plain data, without what was never set."""
    return cast("dict[str, Any]", json.loads(document.model_dump_json(exclude_unset=True)))
