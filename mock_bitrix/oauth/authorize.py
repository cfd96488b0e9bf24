"""`/oauth/authorize/`: a user lets an application in, and the browser takes a code to it.

What is wrong is shown as a page: nobody is sent to an address that isn't the application's
(protocol B.9.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from mock_bitrix.oauth import pages
from mock_bitrix.php.values import Value, is_array, to_text
from mock_bitrix.portal.addresses import Places, came_by, places
from mock_bitrix.portal.choosing import NotChosen, chosen, may_use
from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.model import Application, Portal, User
from mock_bitrix.portal.tokens import Tokens
from mock_bitrix.rest.failures import refusal_of
from mock_bitrix.rest.reply import Reply
from mock_bitrix.rest.request import Address, Request, parameters_of

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

_URL_CHARACTERS = ":/%#?=@[]!$&'()*+,;~"


class NotAuthorised(Exception):
    """Why nobody can be let in, as a sentence for people."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a browser asks for."""

    client_id: str
    state: str
    redirect_uri: str
    user: str
    approved: bool

    @classmethod
    def of(cls, given: dict[str, Value]) -> Wish:
        """Read the parameters; those of a wrong kind count as not given."""
        text = {
            name: to_text(value)
            for name, value in given.items()
            if value is not None and not is_array(value)
        }
        return cls(
            client_id=text.get("client_id", ""),
            state=text.get("state", ""),
            redirect_uri=text.get("redirect_uri", ""),
            user=text.get("user", ""),
            approved=text.get("approve") == "1",
        )


def answer(emulator: Emulator, request: Request) -> Reply:
    """Show the users to choose from; with a user and `approve=1`, send the browser on."""
    try:
        wish = Wish.of(parameters_of(request, Address(None, "json")))
        return _answer(emulator, request, wish)
    except NotAuthorised as reason:
        return _page(400, pages.refused(str(reason)))
    except Exception as failure:
        refusal = refusal_of(failure)
        return _page(refusal.status, pages.refused(refusal.text))


def _answer(emulator: Emulator, request: Request, wish: Wish) -> Reply:
    directory = emulator.directory.revised()
    portal, application = _installation(directory, wish, request)
    target = _target(application, wish)
    if wish.user and wish.approved:
        user = _user(directory, portal, application, wish)
        code = Tokens(emulator.database, portal).issue_code(application, user.id)
        address = came_by(request.scheme, request.host, emulator.url)
        told = places(portal, address, emulator.hosts)
        return _redirect(target, _carried(portal, application, told, code, wish.state))
    users = [user for user in directory.users(portal) if may_use(application, user)]
    if not users:
        raise NotAuthorised(f"Nobody in {portal.domain} may use {application.client_id}.")
    fields = {"client_id": wish.client_id, "state": wish.state, "redirect_uri": wish.redirect_uri}
    return _page(200, pages.choice(portal, application, users, fields))


def _installation(directory: Directory, wish: Wish, request: Request) -> tuple[Portal, Application]:
    if not wish.client_id:
        raise NotAuthorised("The address names no client_id.")
    try:
        portal, application = chosen(directory, wish.client_id, request.host)
    except NotChosen as reason:
        raise NotAuthorised(str(reason)) from reason
    if not application.active:
        raise NotAuthorised(f"{application.client_id} is not active in this portal.")
    if application.payment_expired:
        raise NotAuthorised(f"The subscription of {application.client_id} has ended.")
    return portal, application


def _target(application: Application, wish: Wish) -> str:
    """The application's own address; a browser that brings another one is sent nowhere."""
    registered = application.redirect_uri or application.handler_url
    if not registered:
        raise NotAuthorised(f"{application.client_id} has no redirect_uri to return to.")
    if wish.redirect_uri and wish.redirect_uri != registered:
        raise NotAuthorised(
            f"redirect_uri {wish.redirect_uri} is not the one that {application.client_id} "
            f"is registered with, {registered}."
        )
    return registered


def _user(directory: Directory, portal: Portal, application: Application, wish: Wish) -> User:
    for user in directory.users(portal):
        if str(user.id) == wish.user:
            if not user.active:
                raise NotAuthorised(f"User {user.id} of {portal.domain} is not active.")
            if not may_use(application, user):
                raise NotAuthorised(f"User {user.id} may not use {application.client_id}.")
            return user
    raise NotAuthorised(f"{portal.domain} has no user {wish.user}.")


def _carried(
    portal: Portal, application: Application, told: Places, code: str, state: str
) -> dict[str, str]:
    return {
        "code": code,
        "state": state,
        "domain": told.portal_host,
        "member_id": portal.member_id,
        "scope": ",".join(application.scope),
        "server_domain": told.server_domain,
    }


def _redirect(target: str, query: dict[str, str]) -> Reply:
    parts = urlsplit(target)
    extended = "&".join(filter(None, [parts.query, urlencode(query)]))
    location = quote(parts._replace(query=extended).geturl(), safe=_URL_CHARACTERS)
    return Reply(302, [(b"location", location.encode()), *pages.HEADERS], b"")


def _page(status: int, html: str) -> Reply:
    return Reply(status, pages.HEADERS, html.encode())
