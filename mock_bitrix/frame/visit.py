"""Who looks at which application, and whether they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from mock_bitrix.portal.addresses import without_port
from mock_bitrix.portal.choosing import NotChosen, chosen, may_use
from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.model import Application, Portal, User

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


class NotShown(Exception):
    """Why there is nothing to see, as a sentence for people, and the status of the answer."""

    def __init__(self, text: str, status: int = 404) -> None:
        super().__init__(text)
        self.status = status


class Visit(NamedTuple):
    """A user in front of an application."""

    portal: Portal
    application: Application
    user: User


def visit(emulator: Emulator, client_id: str, host: str, user: str) -> Visit:
    """The visit that a browser asks for; `user` is an id, or empty for the first administrator.

    Raises `NotShown` where the portal would show nothing.
    """
    if emulator.hosts.authorises(without_port(host)):
        raise NotShown("This is the authorisation server: open the page at a portal's address.")
    directory = emulator.directory.revised()
    portal, application = _installed(directory, client_id, host)
    chosen = _named(directory, portal, user) if user else _first(directory, portal, application)
    return allowed(Visit(portal, application, chosen))


def allowed(visit: Visit) -> Visit:
    """The visit itself. Raises `NotShown` where its user may not see its application now."""
    portal, application, user = visit
    if not application.active:
        raise NotShown(f"{application.client_id} is not active in {portal.domain}.", 403)
    if application.payment_expired:
        raise NotShown(f"The subscription of {application.client_id} has ended.", 403)
    if not user.active:
        raise NotShown(f"User {user.id} of {portal.domain} is not active.", 403)
    if not may_use(application, user):
        raise NotShown(f"User {user.id} may not use {application.client_id}.", 403)
    if not application.installed and not user.admin:
        raise NotShown(
            "The application is not fully installed yet. "
            "An administrator has to open it and complete the installation.",
            403,
        )
    return visit


def address_of(application: Application) -> str:
    """What the frame shows: until the application is installed, its installer."""
    name = "handler_url" if application.installed or not application.install_url else "install_url"
    address: str | None = getattr(application, name)
    if not address:
        raise NotShown(f"{application.client_id} has no handler_url: there is nothing to show.")
    if urlsplit(address).scheme not in ("http", "https"):
        raise NotShown(f"The {name} of {application.client_id} is no web address: {address}")
    return address


def _installed(directory: Directory, client_id: str, host: str) -> tuple[Portal, Application]:
    """The application in the portal that was called, else in the first, else in its only one."""
    try:
        return chosen(directory, client_id, host)
    except NotChosen as reason:
        raise NotShown(str(reason)) from reason


def _named(directory: Directory, portal: Portal, user: str) -> User:
    for each in directory.users(portal):
        if str(each.id) == user:
            return each
    raise NotShown(f"{portal.domain} has no user {user}.")


def _first(directory: Directory, portal: Portal, application: Application) -> User:
    users = [each for each in directory.users(portal) if may_use(application, each)]
    if not users:
        raise NotShown(f"Nobody in {portal.domain} may use {application.client_id}.", 403)
    return next((each for each in users if each.admin), users[0])
