"""What methods of entities refuse, family by family."""

from __future__ import annotations

from collections.abc import Mapping

from mock_bitrix.rest.errors import ArgumentError, RestError


class Stubbed(RestError):
    """What a stub of the fixture says"""

    code = ""

    def __init__(self, body: Mapping[str, object] | None = None) -> None:
        super().__init__()
        given = body or {}
        status = given.get("status")
        self.status = status if isinstance(status, int) else 400
        self._body = {name: value for name, value in given.items() if name != "status"}

    def body(self) -> dict[str, object]:
        """The stub's own."""
        return self._body


# Older CRM methods: the code is empty.


class CrmError(RestError):
    """Access denied."""

    code = ""


class IdInvalid(CrmError):
    """ID is not defined or invalid."""


class NotFound(CrmError):
    """Not found"""


class CompanyNotFound(CrmError):
    """Company is not found"""


class ActivityNotFound(CrmError):
    """Activity is not found"""


class NotArray(CrmError):
    """Parameter '{name}' must be array."""


class FieldNotDefined(CrmError):
    """The field {name} is not defined or {how}"""


class UserFieldIncomplete(CrmError):
    """The '{name}' field is not found."""


class ContactNotFound(RestError):
    """Element not found"""


class UserFieldExists(RestError):
    """Field {name} for {entity} object already exists"""


# crm.item.* and crm.type.*


class ValueMissing(RestError):
    """Could not find value for parameter {{{name}}}"""

    code = "100"


class ProcessNotFound(RestError):
    """Smart process not found"""

    code = "NOT_FOUND"


class ElementNotFound(RestError):
    """Element not found"""

    code = "NOT_FOUND"


class ItemNotFound(RestError):
    """Item not found"""

    code = "NOT_FOUND"


class TypeNotSupported(RestError):
    """Entity type `{name}` is not supported"""

    code = "ENTITY_TYPE_NOT_SUPPORTED"


class InvalidArgument(RestError):
    """Invalid argument"""

    code = "INVALID_ARG_VALUE"


class NotInFilter(InvalidArgument):
    """Invalid filter: field '{field}' is not allowed in filter"""


class NotInOrder(InvalidArgument):
    """Invalid order: field '{field}' is not allowed in order"""


class WrongDirection(InvalidArgument):
    """Invalid order: allowed sort directions are `ASC, DESC`. But got '{given}' for field '{field}'"""  # noqa: E501  # as it is sent


class TypeOutOfRange(InvalidArgument):
    """entityTypeId is out of allowed range"""


class TypeNotFound(RestError):
    """SPA not found"""

    code = 0


# Tasks.


class TaskIdWrong(RestError):
    """wrong task id"""

    code = "0"


class TaskIdMissing(RestError):
    """CTaskItem All parameters in the constructor must have real class type (internal error)"""

    code = "100"


class TaskFieldsMissing(RestError):
    """Could not find value for parameter {{fields}} (internal error)"""

    code = "100"

    def __init__(self) -> None:
        super().__init__(name="fields")


class TaskSelectInvalid(RestError):
    """Invalid value {{}} to match with parameter {{select}}. Should be value of type array. (internal error)"""  # noqa: E501  # as it is sent

    code = "100"

    def __init__(self) -> None:
        super().__init__(name="select")


class TaskActionNotAllowed(RestError):
    """Action on the task is not allowed (internal error)"""

    code = "0"


class TaskDeleteNotAllowed(RestError):
    """No access to delete the task"""

    code = "1048582"


class TaskTitleMissing(RestError):
    """Task title not specified"""


class ResponsibleMissing(RestError):
    """Responsible person not specified"""


class ResponsibleNotFound(RestError):
    """User specified in the "Responsible" field not found"""


class TaskSortingInvalid(RestError):
    """Invalid sorting key (internal error)"""

    code = "0"


class CommentEmpty(RestError):
    """Comment text not specified"""


class CommentNotFound(RestError):
    """TASKS_ERROR_EXCEPTION_#512; Check listitem not found or not accessible; 512/TE/ITEM_NOT_FOUND_OR_NOT_ACCESSIBLE"""  # noqa: E501  # as it is sent


class CommentsFailed(RestError):
    """TASKS_ERROR_EXCEPTION_#8; Action failed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED"""


# Users, departments, products, messages, placements.


class WrongEmail(ArgumentError):
    """wrong_email"""

    argument = ""


class EmailTaken(ArgumentError):
    """A user with this email already exists"""

    argument = ""


class UserAccessDenied(RestError):
    """access_denied"""


class DepartmentNameMissing(RestError):
    """Department name not provided.<br>"""


class OneTopDepartment(RestError):
    """There can only be one top-level department in the company structure"""


class DepartmentNotFound(RestError):
    """Department not found"""


class ProductNotFound(RestError):
    """product does not exist."""

    code = ""


class RequiredFields(RestError):
    """Required fields: {names}"""

    code = "0"


class RecipientEmpty(RestError):
    """Recipient identifier is not specified when sending a message in a one-on-one chat"""

    code = "USER_ID_EMPTY"


class MessageEmpty(RestError):
    """Message text is not provided"""

    code = "MESSAGE_EMPTY"


class MessageCanceled(RestError):
    """Message was not sent: the dialog is not available"""

    code = "CANCELED"


class PlacementBound(RestError):
    """Unable to set placement handler: Handler already binded"""


class TodoNotFound(RestError):
    """Not found."""

    code = "NOT_FOUND"


class TodoCompleted(RestError):
    """Completed activity cannot be modified"""

    code = "CAN_NOT_UPDATE_COMPLETED_TODO"


class RecurringDealNotFound(CrmError):
    """Recurring deal is not found"""


class RecurringIdInvalid(CrmError):
    """id is not defined or invalid."""


class BookingNotFound(RestError):
    """booking not found"""

    code = 1037


class WaitlistItemNotFound(RestError):
    """wait list item not found"""

    code = 1038


class GenericNotFound(RestError):
    """Not found"""

    code = "ERROR_NOT_FOUND"
