"""Codes of the places where an application can show itself, as the documentation lists them."""

from __future__ import annotations

from collections.abc import Iterable

_ALL = ("LEAD", "DEAL", "CONTACT", "COMPANY", "QUOTE", "SMART_INVOICE")
DYNAMIC = "DYNAMIC"
"""Stands for every smart process: its places name its number, `CRM_DYNAMIC_183_DETAIL_TAB`."""

_IN_CRM: dict[str, tuple[str, ...]] = {
    "LIST_MENU": (*_ALL, "INVOICE", "ACTIVITY", DYNAMIC),
    "LIST_TOOLBAR": (*_ALL, "INVOICE", "ORDER", DYNAMIC),
    "DETAIL_TAB": (*_ALL, "ORDER", DYNAMIC),
    "DETAIL_ACTIVITY": (*_ALL, "ORDER", DYNAMIC),
    "DETAIL_TOOLBAR": (*_ALL, "INVOICE", DYNAMIC),
    "ACTIVITY_TIMELINE_MENU": ("LEAD", "DEAL", "QUOTE", "SMART_INVOICE", DYNAMIC),
    "DOCUMENTGENERATOR_BUTTON": (*_ALL, DYNAMIC),
    "ROBOT_DESIGNER_TOOLBAR": ("LEAD", "DEAL", "SMART_INVOICE", DYNAMIC),
}
_FURTHER_IN_CRM = (
    "CRM_ANALYTICS_MENU",
    "CRM_ANALYTICS_TOOLBAR",
    "CRM_FUNNELS_TOOLBAR",
    "CRM_DETAIL_SEARCH",
    "CRM_REQUISITE_AUTOCOMPLETE",
    "CRM_BANK_DETAIL_AUTOCOMPLETE",
)
ANYWHERE = ("LEFT_MENU", "PAGE_BACKGROUND_WORKER", "REST_APP_URI")
"""Places for which `placement` is enough."""

BY_SCOPE: dict[str, tuple[str, ...]] = {
    "placement": ANYWHERE,
    "task": (
        "TASK_LIST_CONTEXT_MENU",
        "TASK_USER_LIST_TOOLBAR",
        "TASK_GROUP_LIST_TOOLBAR",
        "TASK_VIEW_TAB",
        "TASK_VIEW_SIDEBAR",
        "TASK_VIEW_TOP_PANEL",
        "TASK_ROBOT_DESIGNER_TOOLBAR",
    ),
    "sonet_group": (
        "SONET_GROUP_DETAIL_TAB",
        "SONET_GROUP_TOOLBAR",
        "SONET_GROUP_ROBOT_DESIGNER_TOOLBAR",
    ),
    "intranet": ("USER_PROFILE_MENU", "USER_PROFILE_TOOLBAR"),
    "calendar": ("CALENDAR_GRIDVIEW",),
    "telephony": ("CALL_CARD", "TELEPHONY_ANALYTICS_MENU"),
    "im": ("IM_CONTEXT_MENU", "IM_NAVIGATION", "IM_SIDEBAR", "IM_TEXTAREA", "IM_SMILES_SELECTOR"),
    "contact_center": ("CONTACT_CENTER",),
    "imconnector": ("SETTING_CONNECTOR",),
}


def places(scope: str, processes: Iterable[int]) -> list[str]:
    """The places of a scope, in a portal that has smart processes of these numbers."""
    if scope != "crm":
        return list(BY_SCOPE.get(scope, ()))
    numbers = list(processes)
    named = [
        f"CRM_{owner}_{place}"
        for place, owners in _IN_CRM.items()
        for each in owners
        for owner in ([f"DYNAMIC_{number}" for number in numbers] if each == DYNAMIC else [each])
    ]
    return [*named, *_FURTHER_IN_CRM]


SCOPES = ("crm", *BY_SCOPE)
"""The scopes that have places."""
