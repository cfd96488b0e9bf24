"""`app.option.*` and `user.option.*`: what an application stores in the portal (protocol B.10)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mock_bitrix.php.values import Value, array_items
from mock_bitrix.portal.options import ApplicationOptions, Options, UserOptions
from mock_bitrix.rest import errors
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.registry import Parameters, method
from mock_bitrix.rest.types import Text


class Get(Parameters):
    """Which option; none: all."""

    folds: ClassVar[bool] = False
    option: Text = Field("", description="the option's name")


class Set(Parameters):
    """The options to set."""

    folds: ClassVar[bool] = False
    options: object = Field(None, description="names and values; options not named stay")

    def given(self) -> Options:
        """The options as a map. Raises `ArgumentEmpty` where there is none."""
        if not isinstance(self.options, list | dict) or not self.options:
            raise errors.ArgumentEmpty("options")
        return dict(array_items(self.options))


def application_context(call: Call) -> None:
    """An application, not a webhook."""
    if call.caller.application is None:
        raise errors.ApplicationContextRequired


def administrator(call: Call) -> None:
    """A user who may change the application's settings."""
    if not call.caller.user.admin:
        raise errors.AdministratorRequired


@method("app.option.get", Get, allowed=[application_context])
def get(call: Call, wanted: Get) -> Value:
    """An option of the application, or all of them."""
    return _one_or_all(ApplicationOptions(call.emulator.database, call.application.id), wanted)


@method("app.option.set", Set, allowed=[application_context, administrator])
def change(call: Call, wanted: Set) -> bool:
    """Set options of the application."""
    ApplicationOptions(call.emulator.database, call.application.id).change(wanted.given())
    return True


@method("user.option.get", Get, allowed=[application_context])
def get_of_user(call: Call, wanted: Get) -> Value:
    """An option that the application stores for the calling user, or all of them."""
    return _one_or_all(_of_user(call), wanted)


@method("user.option.set", Set, allowed=[application_context])
def change_of_user(call: Call, wanted: Set) -> bool:
    """Set options that the application stores for the calling user."""
    _of_user(call).change(wanted.given())
    return True


def _of_user(call: Call) -> UserOptions:
    user_id = call.caller.user.id
    return UserOptions(call.emulator.database, call.portal, call.application.id, user_id)


def _one_or_all(stored: ApplicationOptions | UserOptions, wanted: Get) -> Value:
    options = stored.read()
    return options.get(wanted.option, "") if wanted.option else options
