"""`user.get`, `user.search`, `user.fields`, `user.add`, `user.update`: the portal's people."""

from __future__ import annotations

import re
from typing import Any

from mock_bitrix.entities.conditions import Group, Test, matcher, parse
from mock_bitrix.entities.fields import Field, fields_of
from mock_bitrix.entities.room import PAGE, sort_key
from mock_bitrix.php.dates import iso
from mock_bitrix.php.json import fragment
from mock_bitrix.php.values import Value, to_int, truthy
from mock_bitrix.portal.model import User
from mock_bitrix.portal.people import People
from mock_bitrix.rest.call import Call, Listed
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.methods.user import fields_of as shown_fields
from mock_bitrix.rest.registry import NoParameters, method
from mock_bitrix.rest.work import Anything, Work, fields_in, text_of

READ = ("user", "user_brief", "user_basic")
FIELDS = fields_of("user")
SEARCHED = ("NAME", "LAST_NAME", "SECOND_NAME", "EMAIL", "WORK_POSITION")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_COLUMNS = ("ID", "NAME", "LAST_NAME", "ACTIVE")
_CONTROL = ("SORT", "ORDER", "FILTER", "ADMIN_MODE", "FIND", "NAME_SEARCH")


@method("user.get", Anything, scopes=READ)
def get(call: Call, wanted: Anything) -> object:
    """A page of 50 users: those that fit the filter."""
    return _page(call, wanted, _conditions(wanted))


@method("user.search", Anything, scopes=READ)
def search(call: Call, wanted: Anything) -> object:
    """A page of 50 active users whose names, address or position hold what is looked for."""
    given = dict(wanted.given) | fields_in(wanted.given.get("FILTER"))
    tests: list[Test | Group] = [Test("=", FIELDS["ACTIVE"], True)]
    words = text_of(given.get("FIND") or given.get("NAME_SEARCH")).split()
    tests += [_anywhere(word) for word in words]
    for name, value in given.items():
        if name in SEARCHED:
            tests.append(Test("%", FIELDS[name], value))
    department = given.get("UF_DEPARTMENT")
    if department is not None:
        tests.append(Test("=", FIELDS["UF_DEPARTMENT"], department))
    return _page(call, wanted, Group(tuple(tests)))


def _anywhere(word: str) -> Group:
    return Group(tuple(Test("%", FIELDS[name], word) for name in SEARCHED), any=True)


@method("user.fields", NoParameters, scopes=READ)
def fields(_: Call, __: NoParameters) -> dict[str, str]:
    """The names of a user's fields."""
    return {name: field.fact["title"] for name, field in FIELDS.by_name.items()}


@method("user.add", Anything, scopes=["user"])
def add(call: Call, wanted: Anything) -> int:
    """Invite a user; give the id. Until the user registers, no event tells of it."""
    if not call.caller.user.admin:
        raise errors.UserAccessDenied
    given = wanted.given
    email = text_of(given.get("EMAIL"))
    if not _EMAIL.fullmatch(email):
        raise errors.WrongEmail
    users = call.emulator.directory.users(call.portal)
    if any(text_of(user.extra.get("EMAIL", "")).lower() == email.lower() for user in users):
        raise errors.EmailTaken
    registered = {"DATE_REGISTER": iso(call.portal.clock.now(), call.portal.zone)}
    extra = registered | {k: value for k, value in given.items() if k not in _COLUMNS}
    people = People(call.emulator.database, call.portal)
    return people.add(text_of(given.get("NAME")), text_of(given.get("LAST_NAME")), extra)


@method("user.update", Anything, scopes=["user"])
def update(call: Call, wanted: Anything) -> bool:
    """Change a user."""
    given = wanted.given
    user = call.emulator.directory.user(call.portal, to_int(given.get("ID")))
    if user is None or not call.caller.user.admin:
        raise errors.UserAccessDenied
    changes = {name: value for name, value in given.items() if name not in _COLUMNS}
    People(call.emulator.database, call.portal).change(
        user,
        name=text_of(given.get("NAME", user.name)),
        last_name=text_of(given.get("LAST_NAME", user.last_name)),
        active=_active(given["ACTIVE"]) if "ACTIVE" in given else user.active,
        extra={**user.extra, **changes},
    )
    return True


def _active(value: Value) -> bool:
    return truthy(value) and text_of(value).upper() not in ("N", "FALSE")


def _conditions(wanted: Anything) -> Group:
    given = {name: value for name, value in wanted.given.items() if name not in _CONTROL}
    group = parse({**given, **fields_in(wanted.given.get("FILTER"))}, _known)
    return Group(tuple(_with_pattern(part) for part in group.parts), group.any)


def _with_pattern(part: Test | Group) -> Test | Group:
    """A bare value with a `%` is a pattern."""
    bare = isinstance(part, Test) and part.operator == ""
    if bare and isinstance(part, Test) and isinstance(part.value, str) and "%" in part.value:
        return Test("=%", part.field, part.value)
    return part


def _known(name: str) -> Field | None:
    return FIELDS[name.upper()] if FIELDS.knows(name.upper()) else None


def _page(call: Call, wanted: Anything, conditions: Group) -> object:
    fits = matcher(conditions, Work(call).room.frame)
    users = [_data(user) for user in call.emulator.directory.users(call.portal)]
    found = [data for data in users if fits(data)]
    by = text_of(wanted.given.get("SORT")).upper() or "ID"
    falling = text_of(wanted.given.get("ORDER")).upper() == "DESC"
    found.sort(key=lambda data: sort_key(data.get(by)), reverse=falling)
    start = max(call.start, 0)
    shown = [_shown(data) for data in found[start : start + PAGE]]
    if call.start < 0:
        return shown
    after = start + len(shown)
    return Listed(shown, len(found), after if shown and after < len(found) else None)


def _data(user: User) -> dict[str, Any]:
    """A user as it is filtered and sorted."""
    return {**shown_fields(user), "ID": user.id, "ACTIVE": user.active, "USER_TYPE": _type(user)}


def _type(user: User) -> str:
    return text_of(user.extra.get("USER_TYPE", "employee"))


def _shown(data: dict[str, Any]) -> dict[str, Any]:
    """As the documentation shows users: two of the dates are empty objects."""
    empty = {"TIMESTAMP_X": fragment("{}"), "LAST_ACTIVITY_DATE": fragment("{}")}
    merged = {**data, **empty, "ID": str(data["ID"])}
    ordered = {name: merged[name] for name in FIELDS.shown if name in merged}
    return ordered | {name: value for name, value in merged.items() if name not in ordered}
