"""Which portal's application a browser means, and who may use it."""

from __future__ import annotations

from mock_bitrix.portal.addresses import without_port
from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.model import Application, Portal, User


class NotChosen(Exception):
    """Why no application is meant, as a sentence for people."""


def chosen(directory: Directory, client_id: str, host: str) -> tuple[Portal, Application]:
    """The application in the portal that was called, else in the first, else in its only one.

    Raises `NotChosen`.
    """
    found = directory.installations(client_id)
    named = directory.by_domain(without_port(host))
    here = named or directory.default()
    for portal, application in found:
        if (here and portal.id == here.id) or (named is None and len(found) == 1):
            return portal, application
    if found and named is None:
        raise NotChosen(f"{client_id} is in several portals: call the one you mean by its name.")
    raise NotChosen(f"No application {client_id} is installed here.")


def may_use(application: Application, user: User) -> bool:
    """Whether the application is open to a user who is there."""
    return user.active and (application.access is None or user.id in application.access)
