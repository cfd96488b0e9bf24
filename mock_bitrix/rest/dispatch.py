"""The way of a call: address, parameters, method, caller, envelope, run, reply (protocol K.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_bitrix.php.values import Value, to_int
from mock_bitrix.portal.addresses import came_by
from mock_bitrix.rest import errors, registry, reply
from mock_bitrix.rest.call import Call, Caller
from mock_bitrix.rest.caller import authorise
from mock_bitrix.rest.failures import refusal_of
from mock_bitrix.rest.registry import Method
from mock_bitrix.rest.request import Request, Transport, asked

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


def answer(emulator: Emulator, request: Request) -> reply.Reply:
    """Answer one REST call. Never raises: what goes wrong becomes an answer, too."""
    return _Answering(emulator, request).answer()


def perform(
    called: Method, parameters: dict[str, Value], caller: Caller, emulator: Emulator
) -> object:
    """Run a method for a caller: a call of its own, or one of a batch."""
    start = take_start(parameters)
    return called.run(Call(called.name, parameters, start, caller, emulator))


def take_start(parameters: dict[str, Value]) -> int:
    """Take the envelope's own parameters out; give the paging offset (protocol A.7)."""
    if parameters.get("token") is not None:
        raise errors.LinkCheckFailed
    parameters.pop("state", None)
    start = parameters.pop("start", None)
    return 0 if start is None else to_int(start)


class _Answering:
    """One call on its way. Its headers tell what is known when it ends, well or not."""

    def __init__(self, emulator: Emulator, request: Request) -> None:
        self._emulator = emulator
        self._request = request
        self._stopwatch = reply.Stopwatch()
        self._transport: Transport = "json"
        self._caller: Caller | None = None

    def answer(self) -> reply.Reply:
        """The answer."""
        try:
            return reply.success(self._run(), self._transport, self._headers())
        except Exception as failure:
            return reply.refusal(refusal_of(failure), self._transport, self._headers())

    def _run(self) -> dict[str, object]:
        wanted = asked(self._request)
        self._transport = wanted.transport
        called = registry.find(wanted.method)
        if called is None:
            raise errors.MethodNotFound
        directory = self._emulator.directory.revised()
        self._caller = authorise(self._request, wanted.parameters, called, directory)
        self._stopwatch.processing()
        with self._emulator.hit(self._came_by()):
            result = perform(called, wanted.parameters, self._caller, self._emulator)
        return reply.envelope(result) | {"time": self._stopwatch.time(self._caller.portal)}

    def _came_by(self) -> str:
        return came_by(self._request.scheme, self._request.host, self._emulator.url)

    def _headers(self) -> reply.Headers:
        application = self._caller.application if self._caller else None
        client_id = application.client_id if application else None
        return reply.measured(self._stopwatch, client_id)
