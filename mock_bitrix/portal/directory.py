"""Who is who: portals by domain, grants by token, webhooks by secret.

Every call reads this, and it changes seldom: what was read is kept until somebody, in whatever
process, raises the database's revision.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Select, bindparam, select

from mock_bitrix.clock import Clock
from mock_bitrix.portal.model import Application, Binding, Grant, Portal, Token, User, Webhook
from mock_bitrix.profiles import Switches, changed
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database, Revision, Row
from mock_bitrix.storage.statement import Statement

T = TypeVar("T")


class _Unknown(Enum):
    UNKNOWN = 0


UNKNOWN = _Unknown.UNKNOWN
"""Nothing was read yet; None says that there is nothing."""

GROWING = ("portals", "client")
"""What a new portal makes longer; beside it, only what was not there can be there now."""

_p, _a, _u = schema.portals.c, schema.applications.c, schema.users.c
_t, _w, _b = schema.tokens.c, schema.webhooks.c, schema.bindings.c

_PORTAL = (
    _p.id,
    _p.domain,
    _p.member_id,
    _p.timezone,
    _p.license,
    _p.scopes,
    _p.expires_in,
    _p.retention,
    _p.operating_cost,
    _p.features,
    _p.switches,
    _p.seed,
    _p.clock_offset,
    _p.clock_frozen_at,
)
_APPLICATION = (
    _a.id,
    _a.client_id,
    _a.client_secret,
    _a.application_token,
    _a.name,
    _a.status,
    _a.version,
    _a.installed,
    _a.active,
    _a.payment_expired,
    _a.access,
    _a.scope,
    _a.redirect_uri,
    _a.handler_url,
    _a.install_url,
)
_USER = (_u.id, _u.name, _u.last_name, _u.admin, _u.active, _u.extra)
_BINDING = (
    _b.id,
    _b.application_id,
    _b.event,
    _b.handler,
    _b.user_id,
    _b.connector,
    _b.options,
    _b.application_token,
)


def _where(columns: tuple[Any, ...], column: Any) -> Select[Any]:
    return select(*columns).where(column == bindparam("value"))


_all_portals = Statement(select(*_PORTAL).order_by(_p.id))
_portal_by_id = Statement(_where(_PORTAL, _p.id))
_portal_by_domain = Statement(_where(_PORTAL, _p.domain))
_portal_by_member_id = Statement(_where(_PORTAL, _p.member_id))
_first_portal = Statement(select(*_PORTAL).order_by(_p.id).limit(1))
_application_by_id = Statement(_where((_a.portal_id, *_APPLICATION), _a.id))
_applications_of = Statement(_where(_APPLICATION, _a.portal_id).order_by(_a.id))
_applications_named = Statement(_where((_a.portal_id, *_APPLICATION), _a.client_id))
_token = Statement(
    _where(
        (_t.access_token, _t.refresh_token, _t.expires, _t.application_id, _t.user_id),
        _t.access_token,
    )
)
_tokens_of = Statement(
    _where(
        (_t.application_id, _t.access_token, _t.refresh_token, _t.user_id, _t.expires), _t.portal_id
    ).limit(bindparam("limit", type_=_p.id.type))
)
_webhooks_of = Statement(_where((_w.secret,), _w.portal_id).order_by(_w.id))
_webhook = Statement(_where((_w.id, _w.portal_id, _w.user_id, _w.secret, _w.scope), _w.secret))
_user = Statement(_where(_USER, _u.id).where(_u.portal_id == bindparam("portal_id")))
_users_of = Statement(_where(_USER, _u.portal_id).order_by(_u.id))
_bindings_of = Statement(_where(_BINDING, _b.portal_id).order_by(_b.id))


class Directory:
    """The portals of a database, read through a cache. `revised()` at the start of every call."""

    def __init__(self, database: Database, defaults: Callable[[], Switches]) -> None:
        self._database = database
        self._defaults = defaults
        self._revision = Revision(0, 0)
        self._kept: dict[tuple[object, ...], Any] = {}
        self._passing: dict[tuple[object, ...], Any] = {}

    def revised(self) -> Directory:
        """This directory, with what others have changed forgotten."""
        revision = self._database.revision()
        if revision != self._revision:
            if revision.changes != self._revision.changes:
                self._kept = {}
            self._passing = {}
            self._revision = revision
        return self

    def portals(self) -> list[Portal]:
        """All portals, oldest first."""
        return self.keep(("portals",), self._read_portals)

    def default(self) -> Portal | None:
        """The portal that a call counts to when it names none: the first."""
        return self.keep(("first",), self._one_portal, _first_portal)

    def portal(self, portal_id: int) -> Portal | None:
        """The portal with that number."""
        return self.keep(("portal", portal_id), self._one_portal, _portal_by_id, portal_id)

    def by_domain(self, domain: str) -> Portal | None:
        """The portal whose domain this is."""
        return self.keep(("domain", domain), self._one_portal, _portal_by_domain, domain)

    def by_member_id(self, member_id: str) -> Portal | None:
        """The portal with that member_id."""
        return self.keep(("member", member_id), self._one_portal, _portal_by_member_id, member_id)

    def grant(self, access_token: str) -> Grant | None:
        """What an access token stands for, expired or not."""
        return self.keep(("token", access_token), self._read_grant, access_token)

    def webhook(self, secret: str) -> Webhook | None:
        """The incoming webhook with that secret."""
        return self.keep(("webhook", secret), self._read_webhook, secret)

    def user(self, portal: Portal, user_id: int) -> User | None:
        """A portal's user."""
        return self.keep(("user", portal.id, user_id), self._read_user, portal.id, user_id)

    def users(self, portal: Portal) -> list[User]:
        """A portal's users, by id."""
        return self.keep(("users", portal.id), self._read_all, _make_user, _users_of, portal)

    def applications(self, portal: Portal) -> list[Application]:
        """A portal's applications, oldest first."""
        key = ("applications", portal.id)
        return self.keep(key, self._read_all, _make_application, _applications_of, portal)

    def bindings(self, portal: Portal) -> list[Binding]:
        """All bindings in a portal, oldest first."""
        key = ("bindings", portal.id)
        return self.keep(key, self._read_all, _make_binding, _bindings_of, portal)

    def some_tokens(self, portal: Portal, limit: int = 10) -> list[tuple[Application, Token]]:
        """A portal's tokens, at most `limit`, each with its application."""
        applications = {app.id: app for app in self.applications(portal)}
        rows = self._run(_tokens_of, value=portal.id, limit=limit)
        return [(applications[row[0]], Token(*row[1:])) for row in rows]

    def webhooks(self, portal: Portal) -> list[Webhook]:
        """A portal's incoming webhooks, oldest first."""
        found = (self.webhook(secret) for (secret,) in self._run(_webhooks_of, value=portal.id))
        return [webhook for webhook in found if webhook is not None]

    def installations(self, client_id: str) -> list[tuple[Portal, Application]]:
        """The portals that have the application with that client_id."""
        return self.keep(("client", client_id), self._read_installations, client_id)

    def keep(self, key: tuple[object, ...], read: Callable[..., T], *given: object) -> T:
        """What was read under that key, read now if it wasn't yet; until the next revision.

        `read` is called with what is given.
        """
        known: T | Literal[_Unknown.UNKNOWN] = self._kept.get(key, UNKNOWN)
        if known is UNKNOWN:
            known = self._passing.get(key, UNKNOWN)
        return self._read(key, read, *given) if known is UNKNOWN else known

    def _read(self, key: tuple[object, ...], read: Callable[..., T], *given: object) -> T:
        kept, passing = self._kept, self._passing
        found = read(*given)
        room = passing if found is None or key[0] in GROWING else kept
        room[key] = found
        return found

    def _run(self, statement: Statement, **parameters: object) -> list[Row]:
        return self._database.run(statement, **parameters)

    def _read_portals(self) -> list[Portal]:
        return [self._portal(row) for row in self._run(_all_portals)]

    def _read_all(self, make: Callable[[Row], T], of: Statement, portal: Portal) -> list[T]:
        return [make(row) for row in self._run(of, value=portal.id)]

    def _one_portal(self, statement: Statement, *value: object) -> Portal | None:
        rows = self._run(statement, value=value[0]) if value else self._run(statement)
        return self._portal(rows[0]) if rows else None

    def _portal(self, row: Row) -> Portal:
        number, domain, member_id, zone, plan, scopes, expires_in, retention, cost, *rest = row
        features, switches, seed, offset, frozen_at = rest
        return Portal(
            id=number,
            domain=domain,
            member_id=member_id,
            zone=ZoneInfo(zone),
            license=plan,
            scopes=tuple(orjson.loads(scopes)),
            expires_in=expires_in,
            retention=retention,
            features=orjson.loads(features),
            switches=changed(self._defaults(), orjson.loads(switches)),
            seed=seed,
            clock=Clock(offset, frozen_at),
            operating_cost={name.lower(): each for name, each in orjson.loads(cost).items()},
        )

    def _read_grant(self, access_token: str) -> Grant | None:
        rows = self._run(_token, value=access_token)
        if not rows:
            return None
        access, refresh, expires, application_id, user_id = rows[0]
        portal_id, *columns = self._run(_application_by_id, value=application_id)[0]
        portal = self.portal(portal_id)
        assert portal is not None
        token = Token(access, refresh, user_id, expires)
        return Grant(portal, token, _make_application(columns), self.user(portal, user_id))

    def _read_webhook(self, secret: str) -> Webhook | None:
        rows = self._run(_webhook, value=secret)
        if not rows:
            return None
        number, portal_id, user_id, found, scope = rows[0]
        portal = self.portal(portal_id)
        assert portal is not None
        user = self.user(portal, user_id)
        return Webhook(number, portal, user_id, user, found, tuple(orjson.loads(scope)))

    def _read_user(self, portal_id: int, user_id: int) -> User | None:
        rows = self._run(_user, value=user_id, portal_id=portal_id)
        return _make_user(rows[0]) if rows else None

    def _read_installations(self, client_id: str) -> list[tuple[Portal, Application]]:
        found = []
        for portal_id, *columns in self._run(_applications_named, value=client_id):
            portal = self.portal(portal_id)
            assert portal is not None
            found.append((portal, _make_application(columns)))
        return found


def _make_user(row: Row) -> User:
    number, name, last_name, admin, active, extra = row
    return User(number, name, last_name, bool(admin), bool(active), orjson.loads(extra))


def _make_application(row: Row | list[Any]) -> Application:
    number, client_id, secret, token, name, status, version, *rest = row
    installed, active, expired, access, scope, redirect_uri, handler_url, install_url = rest
    return Application(
        id=number,
        client_id=client_id,
        client_secret=secret,
        application_token=token,
        name=name,
        status=status,
        version=version,
        installed=bool(installed),
        active=bool(active),
        payment_expired=bool(expired),
        access=None if access is None else frozenset(orjson.loads(access)),
        scope=tuple(orjson.loads(scope)),
        redirect_uri=redirect_uri,
        handler_url=handler_url,
        install_url=install_url,
    )


def _make_binding(row: Row) -> Binding:
    number, application_id, event, handler, user_id, connector, options, token = row
    return Binding(
        number, application_id, event, handler, user_id, connector, orjson.loads(options), token
    )
