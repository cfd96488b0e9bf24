"""Refusals of arguments (protocol I.3)."""

from __future__ import annotations

from mock_bitrix.rest.errors.base import RestError


class ArgumentError(RestError):
    """Wrong argument"""

    code = "ERROR_ARGUMENT"


class ArgumentEmpty(ArgumentError):
    """Argument '{name}' is null or empty"""

    def __init__(self, name: str) -> None:
        super().__init__(argument=name, name=name)


class ArgumentType(ArgumentError):
    """The value of an argument '{name}' has an invalid type"""

    def __init__(self, name: str) -> None:
        super().__init__(argument=name, name=name)


class ArgumentTooLong(ArgumentError):
    """Value must not be longer than {longest} characters"""


class NestedTooDeep(ArgumentError):
    """Parameters are nested too deep"""


class NulInName(ArgumentError):
    """The name of a parameter can't hold a NUL"""


class NotPositive(ArgumentError):
    """Value must be positive integer"""


class FilterNotArray(ArgumentError):
    """The filter is not an array."""


class FilterOperation(ArgumentError):
    """Filter operation not allowed: {operator}"""


class FilterField(ArgumentError):
    """Filter field not allowed: {field}"""


class FilterOperator(ArgumentError):
    """Unknown operator `{operator}`"""

    argument = ""


class FilterDate(ArgumentError):
    """Incorrect date/time: {value}"""


class OrderNotArray(ArgumentError):
    """The order is not an array."""


class OrderField(ArgumentError):
    """Order field not allowed: {field}"""


class OrderDirection(ArgumentError):
    """Order direction should be one of {ASC|DESC}"""


class NotMessageIds(ArgumentError):
    """Value must be array of MESSAGE_ID values"""

    argument = "message_id"


class NotMessageId(NotMessageIds):
    """Value must be array of MESSAGE_ID values"""

    argument = "messsage_id"  # three s: so does the real server (protocol E.2)


class NotIds(ArgumentError):
    """Value must be array of integers"""

    argument = "id"


class NotEventType(ArgumentError):
    """Value must be one of {online|offline}"""

    argument = "EVENT_TYPE"


class NotOffline(ArgumentError):
    """Offline event cannot be registered for this event."""
