"""Applications come into a portal, change and go; they hear of it as protocol G.6 says."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from mock_bitrix.control.bodies import Raw, takes, understood
from mock_bitrix.control.common import House, portal_named, reply
from mock_bitrix.control.events import Happened, outcome_shown
from mock_bitrix.control.problems import NotThere, Wrong
from mock_bitrix.emulator import Emulator
from mock_bitrix.events import lifecycle
from mock_bitrix.events.publish import Outcome
from mock_bitrix.portal.document import ApplicationPart, Part, TokenPart
from mock_bitrix.portal.kinds import Flag, UserId, Whole
from mock_bitrix.portal.loading import add_application
from mock_bitrix.portal.model import Application, Portal
from mock_bitrix.portal.paths import LoadError
from mock_bitrix.portal.snapshot import snapshot_of_application
from mock_bitrix.portal.tokens import Tokens

router = APIRouter(tags=["applications"])

ACTOR = "The user who does it; default: the first administrator"


class Acting(Part):
    """Who does it."""

    user_id: UserId | None = Field(None, description=ACTOR)


class Version(Acting):
    """Which version the application gets."""

    version: Whole | None = Field(None, ge=0, lt=2**31, description="Default: the next one")


class Payment(Part):
    """What was paid for, or is over."""

    status: Literal["L", "F", "D", "T", "P", "S"] | None = Field(
        None, description="As in the fixture; default: as it is"
    )
    expired: Flag = Field(False, description="Whether the paid or trial period is over")
    days: Whole = Field(0, description="Days that are left of it")


class Installed(Happened):
    """An application that is in the portal now, and who heard of it."""

    app: ApplicationPart = Field(description="The application, with every token and secret")


@router.post(
    "/portals/{portal}/apps",
    status_code=201,
    response_model=Installed,
    openapi_extra=takes(ApplicationPart),
)
def install_application(emulator: House, portal: str, body: Raw) -> Response:
    """Install an application: it is described as in a fixture, and hears ONAPPINSTALL.

    With `installed: false` the installation stays unfinished until the application, its frame or
    a further call finishes it. Without `tokens` it gets one of an administrator.
    """
    part, target = understood(body, ApplicationPart), portal_named(emulator, portal)
    if part.queue:
        raise Wrong(("queue",), "a new application has an empty queue; put rows into it afterwards")
    actor = _actor(emulator, target, None)
    with emulator.hit(), emulator.database.transaction():
        application = _added(emulator, target, part, actor)
        finished = part.installed and part.active
        outcome = lifecycle.install(emulator, target, application, actor) if finished else Outcome()
    told = snapshot_of_application(emulator.database, target, application.client_id)
    return reply({"app": told, **outcome_shown(outcome)}, 201)


@router.post(
    "/portals/{portal}/apps/{client_id}/install",
    response_model=Happened,
    openapi_extra=takes(Acting),
)
def finish_installation(emulator: House, portal: str, client_id: str, body: Raw) -> Response:
    """Finish an installation, or install again what was uninstalled: ONAPPINSTALL."""
    target = portal_named(emulator, portal)
    application = _named(emulator, target, client_id)
    if application.installed:
        raise Wrong(("client_id",), f"{client_id} is installed already")
    actor = _actor(emulator, target, understood(body, Acting).user_id)
    return _heard(lifecycle.install(emulator, target, application, actor))


@router.post(
    "/portals/{portal}/apps/{client_id}/update",
    response_model=Happened,
    openapi_extra=takes(Version),
)
def update_application(emulator: House, portal: str, client_id: str, body: Raw) -> Response:
    """Give the application another version: ONAPPUPDATE. Its bindings stay."""
    wanted, target = understood(body, Version), portal_named(emulator, portal)
    application = _present(emulator, target, client_id)
    version = application.version + 1 if wanted.version is None else wanted.version
    actor = _actor(emulator, target, wanted.user_id)
    return _heard(lifecycle.update(emulator, target, application, version, actor))


@router.post(
    "/portals/{portal}/apps/{client_id}/payment",
    response_model=Happened,
    openapi_extra=takes(Payment),
)
def change_payment(emulator: House, portal: str, client_id: str, body: Raw) -> Response:
    """Set what is paid for: ONAPPPAYMENT. With `expired` the application hears of nothing more."""
    wanted, target = understood(body, Payment), portal_named(emulator, portal)
    application = _present(emulator, target, client_id)
    outcome = lifecycle.pay(
        emulator,
        target,
        application,
        status=wanted.status or application.status,
        expired=wanted.expired,
        days=wanted.days,
    )
    return _heard(outcome)


@router.delete("/portals/{portal}/apps/{client_id}", response_model=Happened)
def uninstall_application(
    emulator: House,
    portal: str,
    client_id: str,
    *,
    clean: Annotated[bool, Query(description="It shall delete its data: CLEAN is 1")] = False,
    user_id: Annotated[UserId | None, Query(description=ACTOR)] = None,
) -> Response:
    """Uninstall the application: ONAPPUNINSTALL, then its bindings and its queue are gone."""
    target = portal_named(emulator, portal)
    application = _present(emulator, target, client_id)
    actor = _actor(emulator, target, user_id)
    outcome = lifecycle.uninstall(emulator, target, application, clean=clean, user_id=actor)
    return _heard(outcome)


def _heard(outcome: Outcome) -> Response:
    return reply(outcome_shown(outcome))


def _added(emulator: Emulator, portal: Portal, part: ApplicationPart, actor: int) -> Application:
    """The application as it is before its installation is finished."""
    tokens = part.tokens
    if "tokens" not in part.model_fields_set and actor:
        token = Tokens(emulator.database, portal).made(actor, None)
        given = {"access_token": token.access_token, "refresh_token": token.refresh_token}
        tokens = [TokenPart(user=actor, **given)]
    waiting = part.installed and part.active
    installed = part.installed and not waiting
    new = part.model_copy(update={"tokens": tokens, "installed": installed})
    try:
        number = add_application(emulator.database, portal, new)
    except LoadError as error:
        other = error.other[2:] if error.other else None
        raise LoadError(error.where[2:], error.problem, other) from error
    known = emulator.directory.revised().applications(portal)
    return next(each for each in known if each.id == number)


def _actor(emulator: Emulator, portal: Portal, given: int | None) -> int:
    """The user who does it; 0: there is nobody."""
    users = emulator.directory.users(portal)
    if given is None:
        return next((user.id for user in users if user.admin and user.active), 0)
    if given not in (user.id for user in users):
        raise Wrong(("user_id",), f"{given} is no user of the portal")
    return given


def _named(emulator: Emulator, portal: Portal, client_id: str) -> Application:
    known = {each.client_id: each for each in emulator.directory.applications(portal)}
    if client_id not in known:
        raise NotThere("application", client_id, known)
    return known[client_id]


def _present(emulator: Emulator, portal: Portal, client_id: str) -> Application:
    application = _named(emulator, portal, client_id)
    if application.uninstalled:
        raise Wrong(("client_id",), f"{client_id} is not installed")
    return application
