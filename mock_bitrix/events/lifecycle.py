"""An application's life in a portal, and the events that it hears of it (protocol G.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_bitrix.events.publish import Happening, Outcome
from mock_bitrix.portal.bindings import Bindings
from mock_bitrix.portal.installation import Installation
from mock_bitrix.portal.model import Application, Portal

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


def install(
    emulator: Emulator, portal: Portal, application: Application, user_id: int = 0
) -> Outcome:
    """Finish the installation: from now on the application hears of events, and of this one first.

    An application without a frame has its `install_url` bound to ONAPPINSTALL, so it hears there.
    """
    data = {
        "VERSION": application.version,
        "ACTIVE": "Y",
        "INSTALLED": "Y",
        "LANGUAGE_ID": portal.language,
    }
    with emulator.hit(), emulator.database.transaction():
        if application.install_url and not application.handler_url:
            bindings = Bindings(emulator.database, portal, application.id)
            bindings.add("ONAPPINSTALL", application.install_url)
        Installation(emulator.database, application).finish()
        return _tell(emulator, portal, application, Happening("ONAPPINSTALL", data, user_id))


def update(
    emulator: Emulator, portal: Portal, application: Application, version: int, user_id: int = 0
) -> Outcome:
    """The application gets another version."""
    data = {
        "VERSION": version,
        "PREVIOUS_VERSION": application.version,
        "LANGUAGE_ID": portal.language,
    }
    with emulator.hit(), emulator.database.transaction():
        Installation(emulator.database, application).update(version)
        return _tell(emulator, portal, application, Happening("ONAPPUPDATE", data, user_id))


def uninstall(
    emulator: Emulator,
    portal: Portal,
    application: Application,
    *,
    clean: bool = False,
    user_id: int = 0,
) -> Outcome:
    """The application goes, with its bindings and its queue. `clean`: it shall delete its data."""
    data = {"LANGUAGE_ID": portal.language, "CLEAN": int(clean)}
    with emulator.hit(), emulator.database.transaction():
        happening = Happening("ONAPPUNINSTALL", data, user_id)
        outcome = _tell(emulator, portal, application, happening)
        Installation(emulator.database, application).end()
    return outcome


def pay(
    emulator: Emulator,
    portal: Portal,
    application: Application,
    *,
    status: str,
    expired: bool = False,
    days: int = 0,
) -> Outcome:
    """The application's paid or trial period changes: `days` are left of it.

    An application whose payment has expired hears of nothing any more (protocol G.1).
    """
    data = {
        "CODE": application.client_id,
        "VERSION": application.version,
        "STATUS": status,
        "PAYMENT_EXPIRED": "Y" if expired else "N",
        "DAYS": days,
        "LANGUAGE_ID": portal.language,
    }
    with emulator.hit(), emulator.database.transaction():
        Installation(emulator.database, application).pay(status=status, expired=expired)
        return _tell(emulator, portal, application, Happening("ONAPPPAYMENT", data))


def _tell(
    emulator: Emulator, portal: Portal, application: Application, happening: Happening
) -> Outcome:
    return emulator.happen(portal, happening, only=application.id)
