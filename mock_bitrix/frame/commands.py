"""What the page asks its server for when the application in a frame sends it a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from mock_bitrix.events import lifecycle
from mock_bitrix.frame import choices
from mock_bitrix.frame.store import Frame, find_frame, is_first_launch, note_launch, open_frame
from mock_bitrix.frame.store import renew as renew_tokens
from mock_bitrix.frame.telling import Door, door, opening, tokens
from mock_bitrix.frame.visit import NotShown, Visit, allowed
from mock_bitrix.php.values import Value
from mock_bitrix.portal.options import ApplicationOptions, Options, UserOptions

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


class Asked(NamedTuple):
    """A command of an open frame."""

    emulator: Emulator
    visit: Visit
    frame: Frame
    at: Door
    params: dict[str, Any]

    @property
    def app_options(self) -> ApplicationOptions:
        """What the application stores for itself."""
        return ApplicationOptions(self.emulator.database, self.visit.application.id)

    @property
    def user_options(self) -> UserOptions:
        """What the application stores for the user who looks."""
        portal, application, user = self.visit
        return UserOptions(self.emulator.database, portal, application.id, user.id)


def answer(emulator: Emulator, command: str, app_sid: str, params: Any, address: str) -> object:
    """Do what a frame's command asks, and give what its application is answered.

    Raises `NotShown` for a command or a frame that isn't known, and for what is not allowed.
    """
    do = COMMANDS.get(command)
    if do is None:
        raise NotShown(f"There is no command {command}.")
    frame = find_frame(emulator.database, app_sid)
    if frame is None:
        raise NotShown("This frame is not open any more: reload the page.")
    visit = allowed(_visit_of(emulator, frame))
    given = params if isinstance(params, dict) else {}
    at = door(visit.portal, address, emulator.hosts)
    return do(Asked(emulator, visit, frame, at, given))


def _visit_of(emulator: Emulator, frame: Frame) -> Visit:
    directory = emulator.directory.revised()
    portal = directory.portal(frame.portal_id)
    assert portal is not None, "a portal's frames go with it"
    user = directory.user(portal, frame.user_id)
    for application in directory.applications(portal):
        if application.id == frame.application_id and user is not None:
            return Visit(portal, application, user)
    raise NotShown("The application or the user is gone.")


def tell(asked: Asked) -> dict[str, object]:
    """Everything that an application starts with."""
    portal, application, user = asked.visit
    return {
        "DOMAIN": asked.at.domain,
        "PROTOCOL": asked.at.protocol,
        "PATH": "/rest",
        "LANG": portal.language,
        "MEMBER_ID": portal.member_id,
        "IS_ADMIN": user.admin,
        **tokens(asked.frame.token, portal),
        "APP_OPTIONS": asked.app_options.read(),
        "USER_OPTIONS": asked.user_options.read(),
        "PLACEMENT": asked.frame.placement,
        "PLACEMENT_OPTIONS": asked.frame.options,
        "INSTALL": not application.installed,
        "FIRST_RUN": is_first_launch(asked.emulator.database, asked.visit),
    }


def renew(asked: Asked) -> dict[str, object]:
    """New tokens."""
    token = renew_tokens(asked.emulator.database, asked.visit, asked.frame)
    return tokens(token, asked.visit.portal)


def set_app_option(asked: Asked) -> Options:
    """Set an option of the application; give all of them. Administrators only."""
    if not asked.visit.user.admin:
        raise NotShown("Only an administrator may set options of the application.", 403)
    asked.app_options.change(_option(asked.params))
    return asked.app_options.read()


def set_user_option(asked: Asked) -> Options:
    """Set an option for the user who looks; give all of them."""
    asked.user_options.change(_option(asked.params))
    return asked.user_options.read()


def _option(params: dict[str, Any]) -> Options:
    name = params.get("name")
    if not isinstance(name, str) or not name:
        raise NotShown("An option needs a name.", 400)
    return {name: cast("Value", params.get("value"))}


def launched(asked: Asked) -> bool:
    """The user has launched the application: the next time is not the first."""
    note_launch(asked.emulator.database, asked.visit)
    return True


def installed(asked: Asked) -> bool:
    """The application finishes its installation; False: it is installed already."""
    portal, application, user = asked.visit
    if application.installed:
        return False
    lifecycle.install(asked.emulator, portal, application, user.id)
    return True


def open_another(asked: Asked) -> dict[str, object]:
    """A second frame of the application, with the given parameters as its options."""
    database = asked.emulator.database
    frame = open_frame(database, asked.visit, "DEFAULT", asked.params)
    return opening(asked.visit, frame, asked.at)


def people(asked: Asked) -> list[dict[str, object]]:
    """Whom the dialogs of users offer."""
    return choices.people(asked.emulator.directory, asked.visit)


def crm(asked: Asked) -> dict[str, list[Any]]:
    """What the dialog of CRM entities offers, by type."""
    types = asked.params.get("entityType")
    wanted = types if isinstance(types, list) else filter(None, [types])
    return choices.entities(asked.emulator.database, asked.visit, wanted)


COMMANDS: dict[str, Callable[[Asked], object]] = {
    "getInitData": tell,
    "refreshAuth": renew,
    "setAppOption": set_app_option,
    "setUserOption": set_user_option,
    "setInstall": launched,
    "setInstallFinish": installed,
    "openApplication": open_another,
    "selectUser": people,
    "selectAccess": people,
    "selectCRM": crm,
}
