"""The way of a call: address, parameters, method, caller, envelope, run, reply (protocol K.2)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mock_bitrix.php.values import ArrayGiven, Value, to_int
from mock_bitrix.queue.selection import (
    BadDate,
    InvalidType,
    SelectionError,
    UnknownOperator,
)
from mock_bitrix.rest import errors, registry, reply
from mock_bitrix.rest.call import Call, Caller
from mock_bitrix.rest.caller import authorise
from mock_bitrix.rest.request import Address, Request, address_of, method_of, parameters_of
from mock_bitrix.storage.database import StorageError

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

logger = logging.getLogger("mock_bitrix.rest")


def answer(emulator: Emulator, request: Request) -> reply.Reply:
    """Answer one REST call. Never raises: what goes wrong becomes an answer, too."""
    address = address_of(request.path)
    try:
        return _answer(emulator, request, address)
    except errors.RestError as refusal:
        return reply.refusal(refusal, address.transport)
    except Exception as failure:
        return reply.refusal(refusal_of(failure), address.transport)


def refusal_of(failure: Exception) -> errors.RestError:
    """What the portal says to a failure that isn't a refusal yet."""
    if isinstance(failure, errors.RestError):
        return failure
    if isinstance(failure, SelectionError):
        return _selection_refusal(failure)
    if isinstance(failure, StorageError):
        logger.error("the database failed: %s", failure)
        return errors.SqlQueryError()
    if not isinstance(failure, ArrayGiven):  # an array for a text: protocol question 15
        logger.exception("a call failed", exc_info=failure)
    return errors.InternalServerError()


def _answer(emulator: Emulator, request: Request, address: Address) -> reply.Reply:
    stopwatch = reply.Stopwatch()
    parameters = parameters_of(request, address)
    called = registry.find(method_of(parameters, address))
    if called is None:
        raise errors.MethodNotFound
    caller = authorise(request, parameters, called, emulator.directory.revised())
    start = take_start(parameters)
    stopwatch.processing()
    result = called.run(Call(called.name, parameters, start, caller, emulator))
    body = reply.envelope(result) | {"time": stopwatch.time(caller.portal)}
    return reply.success(body, address.transport, _client_id(caller))


def take_start(parameters: dict[str, Value]) -> int:
    """Take the envelope's own parameters out; give the paging offset (protocol A.7)."""
    if parameters.get("token") is not None:
        raise errors.LinkCheckFailed
    parameters.pop("state", None)
    start = parameters.pop("start", None)
    return 0 if start is None else to_int(start)


def _client_id(caller: Caller) -> str | None:
    return caller.application.client_id if caller.application else None


def _selection_refusal(failure: SelectionError) -> errors.RestError:
    condition = failure.condition
    if isinstance(failure, InvalidType):
        return errors.ArgumentType(condition.operator + condition.field)
    if isinstance(failure, UnknownOperator):
        return errors.FilterOperator(operator=condition.operator)
    if isinstance(failure, BadDate):
        return errors.FilterDate(value=condition.value)
    return errors.InternalServerError()
