"""Refusals of subscriptions and small methods (protocol I.3)."""

from __future__ import annotations

from mock_bitrix.rest.errors.base import RestError
from mock_bitrix.rest.errors.calls import AccessDenied


class EventNotFound(RestError):
    """Event not found"""

    code = "ERROR_EVENT_NOT_FOUND"


class WrongHandlerUrl(RestError):
    """Wrong handler URL"""

    code = "ERROR_WRONG_HANDLER_URL"


class UnsupportedProtocol(RestError):
    """Unsupported handler protocol"""

    code = "ERROR_UNSUPPORTED_PROTOCOL"


class AlreadyBound(RestError):
    """Unable to set event handler: Handler already binded"""


class BindingStarted(RestError):
    """Unable to set event handler: Process of binding the handler has already started"""


class BindForOthers(AccessDenied):
    """Access denied! Event binding with AUTH_TYPE requires administrator access rights"""


class BindOffline(AccessDenied):
    """Access denied! Offline events binding requires administrator access rights"""


class UnbindForOthers(AccessDenied):
    """Access denied! Event unbinding with AUTH_TYPE requires administrator access rights"""


class UnbindOffline(AccessDenied):
    """Access denied! Offline events unbinding requires administrator access rights"""


class CodeEmpty(RestError):
    """CODE can't be empty"""

    code = "CODE_EMPTY"
