"""The frames that are open, and who has ever launched an application."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from mock_bitrix.frame.visit import Visit
from mock_bitrix.portal.model import Token
from mock_bitrix.portal.tokens import Tokens
from mock_bitrix.queue.queue import randomness_of
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement, insert_into

MOST_FRAMES = 1000
"""Open frames that a portal remembers; nobody tells it when one is closed."""

Options = Mapping[str, object]

_f, _l = schema.frames.c, schema.launches.c
_TOKEN = ("access_token", "refresh_token", "expires")

_insert = Statement(
    insert(schema.frames).values({c.name: bindparam(c.name) for c in _f if c.name != "id"})
)
_of_portal = _f.portal_id == bindparam("portal_id")
_first_too_many = (
    select(_f.id)
    .where(_of_portal)
    .order_by(_f.id.desc())
    .limit(1)
    .offset(bindparam("most", type_=_f.id.type))
)
_forget = Statement(
    delete(schema.frames).where(_of_portal, _f.id <= _first_too_many.scalar_subquery())
)
_find = Statement(
    select(
        _f.portal_id,
        _f.application_id,
        _f.user_id,
        _f.placement,
        _f.placement_options,
        _f.access_token,
        _f.refresh_token,
        _f.expires,
    ).where(_f.app_sid == bindparam("app_sid"))
)
_renew = Statement(
    update(schema.frames)
    .where(_f.app_sid == bindparam("sid"))
    .values({name: bindparam(name) for name in _TOKEN})
)
_launch = Statement(
    lambda dialect: (
        insert_into(dialect, schema.launches)
        .values({c.name: bindparam(c.name) for c in _l})
        .on_conflict_do_nothing()
    )
)
_launched = Statement(
    select(_l.version).where(
        _l.application_id == bindparam("application_id"),
        _l.user_id == bindparam("user_id"),
        _l.version == bindparam("version"),
    )
)


@dataclass(frozen=True, slots=True)
class Frame:
    """An open frame: a name that nobody guesses, whom it is for, where it stands, its tokens."""

    app_sid: str
    portal_id: int
    application_id: int
    user_id: int
    placement: str
    options: Options
    token: Token


def open_frame(database: Database, visit: Visit, placement: str, options: Options) -> Frame:
    """Open a frame for a visit, with tokens of its own."""
    portal, application, user = visit
    with database.transaction():
        token = Tokens(database, portal).issue(application, user.id)
        app_sid = randomness_of(database, portal).hexadecimal(32)
        frame = Frame(app_sid, portal.id, application.id, user.id, placement, options, token)
        database.run(
            _insert,
            app_sid=app_sid,
            portal_id=portal.id,
            application_id=application.id,
            user_id=user.id,
            placement=placement,
            placement_options=json.dumps(options),
            **_columns(token),
        )
        database.run(_forget, portal_id=portal.id, most=MOST_FRAMES)
    return frame


def find_frame(database: Database, app_sid: str) -> Frame | None:
    """An open frame by its name."""
    rows = database.run(_find, app_sid=app_sid)
    if not rows:
        return None
    portal_id, application_id, user_id, placement, options, access, refresh, expires = rows[0]
    return Frame(
        app_sid,
        portal_id,
        application_id,
        user_id,
        placement,
        json.loads(options),
        Token(access, refresh, user_id, expires),
    )


def renew(database: Database, visit: Visit, frame: Frame) -> Token:
    """New tokens for a frame. The old ones stay valid until their own end."""
    with database.transaction():
        token = Tokens(database, visit.portal).issue(visit.application, visit.user.id)
        database.run(_renew, sid=frame.app_sid, **_columns(token))
    return token


def note_launch(database: Database, visit: Visit) -> None:
    """Remember that the user has launched this version of the application."""
    database.run(_launch, portal_id=visit.portal.id, **_launch_of(visit))


def is_first_launch(database: Database, visit: Visit) -> bool:
    """Whether the user has yet to launch this version of the application."""
    return not database.run(_launched, **_launch_of(visit))


def _launch_of(visit: Visit) -> dict[str, int]:
    application = visit.application
    return {
        "application_id": application.id,
        "user_id": visit.user.id,
        "version": application.version,
    }


def _columns(token: Token) -> dict[str, object]:
    return {name: getattr(token, name) for name in _TOKEN}
