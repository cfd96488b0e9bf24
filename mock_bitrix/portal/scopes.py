"""The permission scopes that a portal knows, and the older names by which some still go."""

from collections.abc import Iterable
from functools import lru_cache

DEFAULT_SCOPES = (
    "ai_admin",
    "biconnector",
    "bizproc",
    "booking",
    "calendar",
    "call",
    "cashbox",
    "catalog",
    "contact_center",
    "crm",
    "documentgenerator",
    "delivery",
    "department",
    "disk",
    "entity",
    "humanresources",
    "humanresources.hcmlink",
    "im",
    "imbot",
    "imconnector",
    "imopenlines",
    "intranet",
    "landing",
    "lists",
    "log",
    "mailservice",
    "main",
    "messageservice",
    "mobile",
    "pay_system",
    "placement",
    "pull",
    "rpa",
    "sale",
    "salescenter",
    "sign.b2e",
    "sonet_group",
    "socialnetwork",
    "task",
    "telephony",
    "timeman",
    "user",
    "user_brief",
    "user_basic",
    "user.userfield",
    "userfieldconfig",
    "userconsent",
    "vote",
)
"""What a portal offers for `scope` with FULL, in the documented order (protocol F.7)."""

GLOBAL = "basic"
"""The scope of methods and events that need none; `scope` never names it (protocol F.7)."""

KNOWN_SCOPES = (
    *DEFAULT_SCOPES,
    "tasks",
    "tasks_extended",
    "tasksmobile",
    GLOBAL,
    "mail",
    "note",
    "sonet",
)
"""Every scope that the documentation names: offered, deprecated, or found beside a method only."""

ALIASES = {
    "tasks": "task",
    "tasks_extended": "task",
    "tasksmobile": "task",
    "sonet_group": "sonet",
    "socialnetwork": "sonet",
}
"""The scope of an application, where methods and events carry another name for it."""


@lru_cache(maxsize=256)
def reach(scopes: tuple[str, ...]) -> frozenset[str]:
    """All names under which scopes let methods and events through."""
    return frozenset(with_aliases(scopes))


def with_aliases(scopes: Iterable[str]) -> list[str]:
    """The scopes given, each followed by the other name that methods and events use for it."""
    spread = [name for scope in scopes for name in (scope, ALIASES.get(scope, scope))]
    return list(dict.fromkeys(spread))
