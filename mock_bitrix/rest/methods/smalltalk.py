"""Single methods of other scopes: `access.name`, `user.access`, `im.message.add`, and such."""

from __future__ import annotations

import re
from typing import Any

from mock_bitrix.entities.kinds import known
from mock_bitrix.php.values import to_int
from mock_bitrix.rest import errors
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import entities as refusals
from mock_bitrix.rest.registry import method
from mock_bitrix.rest.work import Anything, Work, names_in, text_of

EVERYBODY = {"G2": "All visitors", "AU": "All authorized users"}
CHATS = "im.chat"
MESSAGE = known("im.message")
_USER = re.compile(r"I?U([1-9][0-9]{0,17})")


@method("access.name", Anything)
def access_name(call: Call, wanted: Anything) -> dict[str, Any]:
    """The names of access codes: groups and users."""
    named = {}
    for code in names_in(wanted.given.get("ACCESS")):
        if code in EVERYBODY:
            named[code] = {"provider": "", "name": EVERYBODY[code], "provider_id": "other"}
        match = _USER.fullmatch(code)
        user = call.emulator.directory.user(call.portal, int(match[1])) if match else None
        if user is not None:
            name = f"{user.name} {user.last_name}".strip()
            named[code] = {"provider": "Users", "name": name, "provider_id": "user"}
    return named


@method("user.access", Anything)
def user_access(call: Call, wanted: Anything) -> bool:
    """Whether the calling user has one of these access codes."""
    number = call.caller.user.id
    mine = {*EVERYBODY, f"U{number}", f"IU{number}"}
    if call.caller.user.admin:
        mine.add("G1")
    return not mine.isdisjoint(names_in(wanted.given.get("ACCESS")))


@method("im.message.add", Anything, scopes=["im"])
def message(call: Call, wanted: Anything) -> int:
    """Send a message to a user or a chat that is there; give its id."""
    given = wanted.given
    dialog = text_of(given.get("DIALOG_ID") or given.get("USER_ID"))
    if not dialog:
        raise refusals.RecipientEmpty
    if not text_of(given.get("MESSAGE")) and not given.get("ATTACH"):
        raise refusals.MessageEmpty
    work = Work(call)
    if not _is_there(work, dialog):
        raise refusals.MessageCanceled
    with work.change() as room:
        return room.add(MESSAGE, {**given, "DIALOG_ID": dialog}).id


def _is_there(work: Work, dialog: str) -> bool:
    if dialog.startswith("chat"):
        return work.room.store.get(CHATS, to_int(dialog[len("chat") :])) is not None
    user = work.call.emulator.directory.user(work.call.portal, to_int(dialog))
    return user is not None and user.active


@method("voximplant.user.get", Anything, scopes=["telephony"])
def telephony_user(_: Call, __: Anything) -> object:
    """Users' telephony settings: the portal's administrator has to confirm it first."""
    raise errors.ConfirmWaiting
