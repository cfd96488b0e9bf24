"""`profile`, `user.current`, `user.admin` (protocol B.10)."""

from __future__ import annotations

from mock_bitrix.portal.model import User
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.registry import NoParameters, method


@method("profile")
def profile(call: Call, _: NoParameters) -> dict[str, object]:
    """The calling user, in short."""
    user = call.caller.user
    photo = user.extra.get("PERSONAL_PHOTO")
    return {
        "ID": str(user.id),
        "ADMIN": user.admin,
        "NAME": user.name,
        "LAST_NAME": user.last_name,
        "PERSONAL_GENDER": user.extra.get("PERSONAL_GENDER", ""),
        "TIME_ZONE": user.extra.get("TIME_ZONE", ""),
        **({"PERSONAL_PHOTO": photo} if photo else {}),
    }


@method("user.current", scopes=["user", "user_brief", "user_basic"])
def current(call: Call, _: NoParameters) -> dict[str, object]:
    """The calling user, with all fields."""
    return fields_of(call.caller.user)


@method("user.admin")
def admin(call: Call, _: NoParameters) -> bool:
    """Whether the calling user is an administrator."""
    return call.caller.user.admin


def fields_of(user: User) -> dict[str, object]:
    """A user's fields under their names on the wire."""
    return {
        "ID": str(user.id),
        "ACTIVE": user.active,
        "NAME": user.name,
        "LAST_NAME": user.last_name,
        "EMAIL": "",
        "LAST_LOGIN": "",
        "DATE_REGISTER": "",
        "IS_ONLINE": "N",
        "LAST_ACTIVITY_DATE": "",
        "PERSONAL_GENDER": "",
        "PERSONAL_BIRTHDAY": "",
        "WORK_POSITION": "",
        "UF_EMPLOYMENT_DATE": "",
        "UF_DEPARTMENT": [],
        **user.extra,
    }
