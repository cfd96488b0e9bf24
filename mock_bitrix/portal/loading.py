"""From a fixture document to a portal in the database."""

from __future__ import annotations

import itertools
import json
from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy import bindparam, insert, select

from mock_bitrix.clock import Clock
from mock_bitrix.php.json import kept
from mock_bitrix.portal import hidden
from mock_bitrix.portal.checking import check
from mock_bitrix.portal.document import (
    DEFAULT_USERS,
    ApplicationPart,
    BindingPart,
    Document,
    OutgoingPart,
    PortalPart,
    PortalState,
    TokenPart,
    UserPart,
    WebhookPart,
)
from mock_bitrix.portal.erasing import erase_portal
from mock_bitrix.portal.model import OFFLINE, OUTGOING, Portal
from mock_bitrix.portal.paths import LoadError, Path, told
from mock_bitrix.portal.row_values import row_values
from mock_bitrix.portal.row_writing import Values, keep_free, key_of, write_rows
from mock_bitrix.portal.scopes import DEFAULT_SCOPES
from mock_bitrix.queue.queue import randomness_of
from mock_bitrix.randomness import Randomness
from mock_bitrix.storage import schema
from mock_bitrix.storage.counters import Counters
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

__all__ = ["LoadError", "add_application", "dumped", "install", "replace"]


def _inserting(table: Any, *, numbered: bool = False, given: bool = False) -> Statement:
    """An insert; of a `numbered` table it gives the number, which it makes unless it is `given`."""
    columns = [c for c in table.c if given or not (numbered and c.name == "id")]
    statement = insert(table).values({c.name: bindparam(c.name) for c in columns})
    return Statement(statement.returning(table.c.id) if numbered else statement)


def _finding(column: Any) -> Statement:
    return Statement(select(column).where(column == bindparam("value")).limit(1))


_insert_portal = _inserting(schema.portals, numbered=True)
_insert_portal_as = _inserting(schema.portals, numbered=True, given=True)
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
_find_client = Statement(
    select(schema.applications.c.id).where(
        schema.applications.c.portal_id == bindparam("portal_id"),
        schema.applications.c.client_id == bindparam("client_id"),
    )
)
_users_of = Statement(
    select(schema.users.c.id).where(schema.users.c.portal_id == bindparam("value"))
)

FEATURES = {"rest_offline_extended": True, "rest_auth_connector": True}


def install(database: Database, document: Document, *, after: int = 0) -> int:
    """Make the portal that a document describes; give its number.

    Rows without an id are numbered after the highest one, and after `after`. All or nothing.
    Raises `LoadError` where the document contradicts itself, or where something that must be
    unique is there already.
    """
    check(document)
    with database.transaction():
        number = _Installation(database, document).run(after)
        database.raise_growth()
    return number


def replace(database: Database, portal: Portal, document: Document) -> None:
    """Make a portal what a document describes. What nothing says otherwise, it keeps its names.

    All or nothing. Raises `LoadError` as `install` does.
    """
    check(document)
    given = document.portal
    names = {
        "domain": given.domain or portal.domain,
        "member_id": given.member_id or portal.member_id,
    }
    renamed = document.model_copy(update={"portal": given.model_copy(update=names)})
    with database.transaction():
        erase_portal(database, portal.id)
        _Installation(database, renamed, portal.id).run(0)
        database.raise_revision()


def add_application(database: Database, portal: Portal, part: ApplicationPart) -> int:
    """Put an application into a portal that is there; give its number. All or nothing.

    Its queue is empty. Raises `LoadError` as `install` does; places begin with `apps[0]`.
    """
    users = [UserPart(id=number) for (number,) in database.run(_users_of, value=portal.id)]
    document = Document(users=users, apps=[part])
    check(document)
    with database.transaction():
        number = _Installation(database, document, portal.id).add(portal, part)
        database.raise_revision()
    return number


class _Installation:
    """One document on its way into the database."""

    def __init__(self, database: Database, document: Document, number: int | None = None) -> None:
        self._database = database
        self._document = document
        self._number = number
        self._state = document.portal.state or PortalState()
        self._clock = Clock(self._state.clock.offset, self._state.clock.frozen_at)
        steps = itertools.count(1)
        self._random = Randomness(document.portal.seed, lambda: -next(steps))
        self._portal_id = 0
        self._bindings: list[tuple[int, Values]] = []

    def run(self, after: int) -> int:
        """Write everything; give the portal's number."""
        document = self._document
        self._portal_id = self._portal(document.portal)
        for user in document.users or DEFAULT_USERS:
            self._user(user)
        for number, webhook in enumerate(document.webhooks):
            self._webhook(webhook, ("webhooks", number))
        for outgoing in document.outgoing:
            self._outgoing(outgoing)
        applications = document.apps
        if applications is None:
            applications = [ApplicationPart(tokens=[TokenPart(refresh_token=self._token())])]
        numbers = [self._application(part, n) for n, part in enumerate(applications)]
        bindings = self._write_bindings()
        self._rows(applications, numbers, after)
        self._entities()
        references = {"application_id": numbers, "binding_id": bindings}
        hidden.write(self._database, self._portal_id, self._state.hidden, references)
        for name, value in self._state.counters.items():
            Counters(self._database, self._portal_id).at_least(name, value)
        return self._portal_id

    def add(self, portal: Portal, part: ApplicationPart) -> int:
        """Write one application into a portal that is there; give the application's number."""
        self._portal_id, self._random = portal.id, randomness_of(self._database, portal)
        named = {"portal_id": portal.id, "client_id": part.client_id}
        if part.client_id and self._database.run(_find_client, **named):
            raise LoadError(("apps", 0, "client_id"), f"{part.client_id} is in the portal already")
        number = self._application(part, 0)
        self._write_bindings()
        return number

    def _write_bindings(self) -> list[int]:
        ordered = sorted(self._bindings, key=lambda each: each[0])
        return [self._insert(_insert_binding, **binding) for _, binding in ordered]

    def _token(self) -> str:
        return self._random.secret(32)

    def _unique(self, statement: Statement, value: str, where: Path) -> str:
        if self._database.run(statement, value=value):
            raise LoadError(
                where, f'"{told(where, value)}" is taken already; it must be unique in a server'
            )
        return value

    def _portal(self, part: PortalPart) -> int:
        domain = part.domain or f"b24-{self._random.secret(6)}.bitrix24.test"
        member_id = part.member_id or self._random.hexadecimal(32)
        document = self._document
        numbered = {} if self._number is None else {"id": self._number}
        return self._insert(
            _insert_portal_as if numbered else _insert_portal,
            **numbered,
            domain=self._unique(_find_domain, domain, ("portal", "domain")),
            member_id=self._unique(_find_member_id, member_id, ("portal", "member_id")),
            timezone=part.timezone,
            license=part.license,
            scopes=kept(part.scopes if part.scopes is not None else DEFAULT_SCOPES),
            expires_in=part.expires_in,
            retention=part.retention,
            operating_cost=kept(part.operating_cost),
            features=kept(FEATURES | part.features),
            switches=kept(part.switches),
            seed=part.seed,
            clock_offset=self._clock.offset,
            clock_frozen_at=self._clock.frozen_at,
            extra=kept({"stubs": document.stubs}),
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
            extra=kept(part.model_extra or {}),
        )

    def _webhook(self, part: WebhookPart, where: Path) -> None:
        secret = part.secret or self._random.secret(16)
        self._insert(
            _insert_webhook,
            portal_id=self._portal_id,
            user_id=part.user,
            secret=self._unique(_find_secret, secret, (*where, "secret")),
            scope=kept(part.scope),
        )

    def _outgoing(self, part: OutgoingPart) -> None:
        self._binding(
            part,
            OUTGOING,
            handler=part.handler,
            application_token=part.application_token or self._token(),
        )

    def _application(self, part: ApplicationPart, number: int) -> int:
        application_id = self._insert_application(part)
        for user_id, options in part.user_options.items():
            self._database.run(
                _insert_user_options,
                portal_id=self._portal_id,
                application_id=application_id,
                user_id=user_id,
                options=kept(options),
            )
        for index, token in enumerate(part.tokens):
            self._grant(application_id, token, ("apps", number, "tokens", index))
        for binding in part.bindings:
            self._binding(
                binding,
                application_id,
                handler=binding.handler or OFFLINE,
                user_id=binding.user,
                connector=binding.auth_connector,
                options=binding.options,
            )
        return application_id

    def _insert_application(self, part: ApplicationPart) -> int:
        return self._insert(
            _insert_application,
            portal_id=self._portal_id,
            client_id=part.client_id or f"local.{self._random.hexadecimal(14)}",
            client_secret=part.client_secret or self._random.secret(50),
            application_token=part.application_token or self._random.hexadecimal(32),
            access=None if part.access is None else kept(part.access),
            options=kept(part.options),
            scope=kept(part.scope),
            name=part.name,
            status=part.status,
            version=part.version,
            redirect_uri=part.redirect_uri,
            handler_url=part.handler_url,
            install_url=part.install_url,
            installed=int(part.installed),
            active=int(part.active),
            payment_expired=int(part.payment_expired),
        )

    def _grant(self, application_id: int, part: TokenPart, where: Path) -> None:
        access, refresh = part.access_token or self._token(), part.refresh_token
        self._unique(_find_access_token, access, (*where, "access_token"))
        if refresh is not None:
            self._unique(_find_refresh_token, refresh, (*where, "refresh_token"))
        self._database.run(
            _insert_token,
            portal_id=self._portal_id,
            application_id=application_id,
            access_token=access,
            refresh_token=refresh,
            user_id=part.user,
            expires=_time(part.expires),
            refresh_expires=_time(part.refresh_expires),
        )

    def _binding(self, part: BindingPart | OutgoingPart, application_id: int, **given: Any) -> None:
        values = {
            "portal_id": self._portal_id,
            "application_id": application_id,
            "event": part.event,
            "user_id": 0,
            "connector": "",
            "application_token": None,
            **given,
            "options": kept(given.get("options", {})),
        }
        self._bindings.append((part.order or 0, values))

    def _rows(self, parts: Sequence[ApplicationPart], numbers: Sequence[int], after: int) -> None:
        now = self._clock.now()
        rows = [
            (path, row_values(row, self._portal_id, numbers[path[1]], now))
            for path, row in rows_of(parts)
        ]
        _once(rows)
        values = [row for _, row in rows]
        highest = max((row["id"] or 0 for row in values), default=0)
        keep_free(self._database, self._portal_id, max(highest, after))
        write_rows(self._database, values)

    def _entities(self) -> None:
        given = self._document.entities
        if not given:
            return
        from mock_bitrix.entities.loading import NoId, UnknownKind, load

        zone = ZoneInfo(self._document.portal.timezone)
        try:
            load(self._database, self._portal_id, given, self._clock.now(), zone)
        except UnknownKind as error:
            raise LoadError(("entities", error.kind), str(error)) from error
        except NoId as error:
            raise LoadError(("entities", error.kind, error.index, "ID"), str(error)) from error

    def _insert(self, statement: Statement, **values: Any) -> int:
        return int(self._database.run(statement, **values)[0][0])


def rows_of(parts: Sequence[ApplicationPart]) -> Iterator[tuple[tuple[str, int, str, int], Any]]:
    """The queue rows of a document, each with its path."""
    for number, part in enumerate(parts):
        for index, row in enumerate(part.queue):
            yield ("apps", number, "queue", index), row


def _once(rows: Sequence[tuple[Path, Values]]) -> None:
    """Refuse two rows with the same key or id, naming both places."""
    keys: dict[Hashable, Path] = {}
    ids: dict[Hashable, Path] = {}
    for path, row in rows:
        for seen, name, what in ((keys, key_of(row), "key (message id)"), (ids, row["id"], "id")):
            if name is not None and seen.setdefault(name, path) != path:
                raise LoadError(path, f"has the same {what} as", seen[name])


def _time(given: datetime | None) -> float | None:
    return None if given is None else given.timestamp()


def dumped(document: BaseModel) -> dict[str, Any]:
    """A document as plain data, without what was never set."""
    return cast("dict[str, Any]", json.loads(document.model_dump_json(exclude_unset=True)))
