"""What the portal says to a failure that is no refusal yet."""

from __future__ import annotations

import logging

from mock_bitrix.log.failures import described, first_words
from mock_bitrix.php.values import ArrayGiven
from mock_bitrix.queue.selection import BadDate, InvalidType, SelectionError, UnknownOperator
from mock_bitrix.rest import errors
from mock_bitrix.storage.database import StorageError

logger = logging.getLogger("mock_bitrix.rest")


def refusal_of(failure: Exception) -> errors.RestError:
    """The refusal that answers a failure, itself one or not. What is unexpected is logged."""
    if isinstance(failure, errors.RestError):
        return failure
    if isinstance(failure, SelectionError):
        return _of_selection(failure)
    if isinstance(failure, StorageError):
        logger.error("the database failed: %s", first_words(str(failure)))
        return errors.SqlQueryError()
    if not isinstance(failure, ArrayGiven):  # an array for a text: protocol question 15
        logger.error("a call failed: %s", described(failure))
    return errors.InternalServerError()


def _of_selection(failure: SelectionError) -> errors.RestError:
    condition = failure.condition
    if isinstance(failure, InvalidType):
        return errors.ArgumentType(condition.operator + condition.field)
    if isinstance(failure, UnknownOperator):
        return errors.FilterOperator(operator=condition.operator)
    if isinstance(failure, BadDate):
        return errors.FilterDate(value=condition.value)
    return errors.InternalServerError()
