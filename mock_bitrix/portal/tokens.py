"""Tokens of one portal: issuing, refreshing, expiring, revoking; and the codes that OAuth trades.

Times are the portal's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, null, or_, select, update

from mock_bitrix.portal.model import Application, Portal, Token
from mock_bitrix.queue.queue import randomness_of
from mock_bitrix.storage import schema
from mock_bitrix.storage.statement import Statement

if TYPE_CHECKING:
    from mock_bitrix.storage.database import Database, Row

REFRESH_LIFETIME = 180 * 24 * 3600
"""Seconds in which a refresh token must be used (protocol B.9.2, question 12)."""

KEPT_EXPIRED = 3600
"""Seconds for which a token that has ended is still known, and answers `expired_token`."""

SWEPT_AT_ONCE = 1000
"""Tokens that one transaction of a sweep forgets, so that it holds up nobody."""

CODE_LIFETIME = 30
"""Seconds in which an authorisation code must be used (protocol B.9.1)."""

_t, _c = schema.tokens.c, schema.codes.c

_insert_token = Statement(
    insert(schema.tokens).values({c.name: bindparam(c.name) for c in schema.tokens.c})
)
_insert_code = Statement(
    insert(schema.codes).values({c.name: bindparam(c.name) for c in schema.codes.c})
)
_find_taken = Statement(
    select(_t.user_id).where(
        or_(
            _t.access_token == bindparam("access"),
            _t.refresh_token == bindparam("refresh", type_=_t.refresh_token.type),
        )
    )
)
_find_refresh = Statement(
    select(_t.portal_id, _t.application_id, _t.user_id, _t.refresh_expires).where(
        _t.refresh_token == bindparam("value")
    )
)
_find_code = Statement(
    select(_c.portal_id, _c.application_id, _c.user_id, _c.expires).where(
        _c.code == bindparam("value")
    )
)
_spend_refresh = Statement(
    update(schema.tokens).where(_t.refresh_token == bindparam("value")).values(refresh_token=null())
)
_spend_code = Statement(delete(schema.codes).where(_c.code == bindparam("value")))
_forget_codes = Statement(
    delete(schema.codes).where(
        _c.portal_id == bindparam("portal_id"),
        _c.expires <= bindparam("now", type_=_c.expires.type),
    )
)


_set_expiry = Statement(
    update(schema.tokens)
    .where(_t.access_token == bindparam("value"), _t.portal_id == bindparam("portal_id"))
    .values(expires=bindparam("at", type_=_t.expires.type))
)
_delete_token = Statement(
    delete(schema.tokens).where(
        _t.access_token == bindparam("value"), _t.portal_id == bindparam("portal_id")
    )
)
# What a fixture gives is never forgotten: only what was issued has an end of its refresh token.
_dead_tokens = Statement(
    select(_t.access_token)
    .where(
        _t.portal_id == bindparam("portal_id"),
        _t.expires <= bindparam("before", type_=_t.expires.type),
        _t.refresh_expires.is_not(None),
        or_(
            _t.refresh_token.is_(None),
            _t.refresh_expires <= bindparam("now", type_=_t.expires.type),
        ),
    )
    .limit(SWEPT_AT_ONCE)
)
_forget_token = Statement(delete(schema.tokens).where(_t.access_token == bindparam("access_token")))


@dataclass(frozen=True, slots=True)
class Promise:
    """What a code or a refresh token can be traded for: tokens of an application for a user.

    `expires` None: never.
    """

    portal_id: int
    application_id: int
    user_id: int
    expires: float | None


def promise_of_code(database: Database, code: str) -> Promise | None:
    """What a code stands for, expired or not; None: never issued, or used."""
    return _promise(database.run(_find_code, value=code))


def promise_of_refresh_token(database: Database, refresh_token: str) -> Promise | None:
    """What a refresh token stands for, expired or not; None: never issued, or used."""
    return _promise(database.run(_find_refresh, value=refresh_token))


def _promise(rows: list[Row]) -> Promise | None:
    return Promise(*rows[0]) if rows else None


def sweep(database: Database, portal: Portal) -> int:
    """Forget the issued tokens that ended some time ago and that nobody can refresh; how many."""
    now, swept = portal.clock.now(), 0
    while dead := database.run(
        _dead_tokens, portal_id=portal.id, before=now - KEPT_EXPIRED, now=now
    ):
        with database.transaction():
            database.change_many(_forget_token, [{"access_token": token} for (token,) in dead])
        swept += len(dead)
    return swept


class Tokens:
    """The tokens of one portal."""

    def __init__(self, database: Database, portal: Portal) -> None:
        self._database = database
        self._portal = portal
        self._random = randomness_of(database, portal)

    def issue(self, application: Application, user_id: int, *, refreshable: bool = True) -> Token:
        """A new access token, for as long as the portal's tokens live; usually to be refreshed."""
        with self._database.transaction():
            expires = self._portal.clock.now() + self._portal.expires_in
            token = self.made(user_id, expires)
            if not refreshable:
                token = replace(token, refresh_token=None)
            self.keep(application, token)
        return token

    def keep(self, application: Application, token: Token) -> None:
        """Let a token be good from now on. Raises `StorageError` where another one is the same."""
        self._database.run(
            _insert_token,
            access_token=token.access_token,
            refresh_token=token.refresh_token,
            portal_id=self._portal.id,
            application_id=application.id,
            user_id=token.user_id,
            expires=token.expires,
            refresh_expires=self._portal.clock.now() + REFRESH_LIFETIME,
        )

    def refresh(self, refresh_token: str, application: Application, user_id: int) -> Token | None:
        """New tokens for a refresh token, which is used up; None: somebody was quicker.

        The access token that it came with stays valid until its own end.
        """
        with self._database.transaction():
            spent = self._database.change(_spend_refresh, value=refresh_token)
            return self.issue(application, user_id) if spent else None

    def redeem(self, code: str, application: Application, user_id: int) -> Token | None:
        """Tokens for a code, which is used up; None: somebody was quicker."""
        with self._database.transaction():
            spent = self._database.change(_spend_code, value=code)
            return self.issue(application, user_id) if spent else None

    def issue_code(self, application: Application, user_id: int) -> str:
        """A code that the application can trade for tokens, once and soon."""
        now, code = self._portal.clock.now(), self._random.secret(32)
        with self._database.transaction():
            self._database.run(_forget_codes, portal_id=self._portal.id, now=now)
            self._database.run(
                _insert_code,
                code=code,
                portal_id=self._portal.id,
                application_id=application.id,
                user_id=user_id,
                expires=now + CODE_LIFETIME,
            )
        return code

    def expire(self, access_token: str) -> bool:
        """End an access token now; its refresh token stays. False: the portal has no such token."""
        return self._change(_set_expiry, value=access_token, at=self._portal.clock.now())

    def revoke(self, access_token: str) -> bool:
        """Forget an access token, and its refresh token. False: the portal has no such token."""
        return self._change(_delete_token, value=access_token)

    def _change(self, statement: Statement, **values: object) -> bool:
        with self._database.transaction():
            changed = self._database.change(statement, portal_id=self._portal.id, **values)
            self._database.raise_revision()
        return changed == 1

    def made(self, user_id: int, expires: float | None) -> Token:
        """A token that nobody has yet. `expires` None: never."""
        while True:
            end = self._portal.clock.now() + self._portal.expires_in if expires is None else expires
            access = self._access_token(user_id, int(end))
            refresh = self._random.hexadecimal(70)
            # Portals of one seed draw the same values; tokens are unique in a server.
            if not self.is_taken(access, refresh):
                return Token(access, refresh, user_id, expires)

    def is_taken(self, access_token: str, refresh_token: str | None) -> bool:
        """Whether one of the two is somebody's already."""
        rows = self._database.run(_find_taken, access=access_token, refresh=refresh_token)
        return bool(rows)

    def _access_token(self, user_id: int, expires: int) -> str:
        """70 digits with the end and the user in them, as the real server's (protocol B.9.2)."""
        end = (expires & 0xFFFFFFFF).to_bytes(4, "little").hex()
        user = (user_id & 0xFFFFFFFF).to_bytes(4, "big").hex()
        return f"{end}{self._random.hexadecimal(16)}{user}{self._random.hexadecimal(38)}"
