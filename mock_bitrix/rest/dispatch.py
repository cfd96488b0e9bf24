"""The way of a call: limits, faults, method, caller, run, reply (protocol K.2)."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, NamedTuple

from mock_bitrix import clock
from mock_bitrix.faults.answers import broken
from mock_bitrix.faults.model import SLOW, Blow, Broken, Fault, Moment
from mock_bitrix.faults.striking import armed, strike
from mock_bitrix.journal.entries import Entry, exactly
from mock_bitrix.php.values import Value, to_int
from mock_bitrix.portal.addresses import came_by
from mock_bitrix.portal.model import Portal
from mock_bitrix.rest import errors, finding, reply
from mock_bitrix.rest.call import Call, Caller
from mock_bitrix.rest.caller import addressed, authorise, named_by
from mock_bitrix.rest.failures import refusal_of
from mock_bitrix.rest.limits import Operating, Usage, count_request
from mock_bitrix.rest.registry import Method
from mock_bitrix.rest.request import Request, Transport, asked

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

Answering = Generator[float, bool | None, reply.Reply]
"""Gives the seconds that a call must wait; hears whether its caller is still there; then ends."""


def answer(emulator: Emulator, request: Request) -> Answering:
    """Answer one REST call. Never raises: what goes wrong becomes an answer, too."""
    return _Answering(emulator, request).answer()


class Performed(NamedTuple):
    """What a method gave, and its caller's operating time where the portal counts it."""

    result: object
    usage: Usage | None = None


def perform(
    called: Method,
    parameters: dict[str, Value],
    caller: Caller,
    emulator: Emulator,
    entry: Entry,
    *,
    waited: float,
) -> Performed:
    """Run a method for a caller: a call of its own, or one of a batch.

    `waited`: seconds of ordered delay before it. Raises the `RestError` that applies first.
    """
    operating = operating_of(emulator, caller, called)
    if operating:
        operating.check()
    start = take_start(parameters)
    begun = clock.stopwatch()
    result = called.run(Call(called.name, parameters, start, caller, emulator, entry))
    if operating is None:
        return Performed(result)
    return Performed(result, operating.spent(clock.stopwatch() - begun, waited))


def operating_of(emulator: Emulator, caller: Caller, called: Method) -> Operating | None:
    """What counts a method's operating time, where the portal does."""
    if caller.portal.switches.operating_limit == "off":
        return None
    return Operating(emulator.database, caller, called.name)


def take_start(parameters: dict[str, Value]) -> int:
    """Take the envelope's own parameters out; give the paging offset (protocol A.7)."""
    if parameters.get("token") is not None:
        raise errors.LinkCheckFailed
    parameters.pop("state", None)
    start = parameters.pop("start", None)
    return 0 if start is None else to_int(start)


class _Answering:
    """One call on its way. Its headers tell what is known when it ends, well or not."""

    __slots__ = (
        "_answered",
        "_called",
        "_caller",
        "_emulator",
        "_entry",
        "_faults",
        "_named",
        "_portal",
        "_request",
        "_stopwatch",
        "_transport",
    )

    def __init__(self, emulator: Emulator, request: Request) -> None:
        self._emulator = emulator
        self._request = request
        self._stopwatch = reply.Stopwatch()
        self._entry = emulator.journal.begin()
        self._faults: tuple[Fault, ...] = ()
        self._transport: Transport = "json"
        self._named: Portal | None = None
        self._portal: Portal | None = None
        self._called: Method | None = None
        self._caller: Caller | None = None
        self._answered: reply.Reply | None = None

    def answer(self) -> Answering:
        """The answer."""
        try:
            yield from self._run()
            assert self._answered is not None
            answered = self._answered
        except Broken as fault:
            self._entry.sent = False
            answered = broken(fault, self._answered)
        except Exception as failure:
            refusal = refusal_of(failure)
            headers = [*self._headers(), *reply.noted(refusal.note)]
            answered = reply.refusal(refusal, self._transport, headers)
        self._record(answered)
        return answered

    def _run(self) -> Generator[float, bool | None, None]:
        wanted = asked(self._request)
        self._transport = wanted.transport
        self._address(wanted.method, wanted.parameters)
        blow = self._blow("before")
        waited = (yield from self._suffer(blow)) if blow else 0.0
        called = self._called
        if called is None:
            raise finding.unknown(wanted.method)
        directory = self._emulator.directory
        self._caller = authorise(self._request, wanted.parameters, called, directory, self._named)
        self._stopwatch.processing()
        entry = self._entry
        entry.caller = self._caller
        with self._emulator.hit(self._came_by()):
            done = perform(
                called, wanted.parameters, self._caller, self._emulator, entry, waited=waited
            )
        if entry.pause:
            yield from self._wait(entry.pause)
        self._answered = self._success(done)
        blow = self._blow("after")
        if blow:
            yield from self._suffer(blow, operating_of(self._emulator, self._caller, called))

    def _address(self, method: str, parameters: dict[str, Value]) -> None:
        """Find portal and method that are meant; the portal may have had enough requests.

        Whether there is such a method is asked later (protocol K.2).
        """
        entry, request = self._entry, self._request
        directory = self._emulator.directory.revised()
        self._named = named_by(request, directory)
        self._portal = addressed(request, parameters, directory, self._named)
        called = self._called = finding.find(self._emulator, self._portal, method)
        entry.verb, entry.parameters = request.verb, parameters
        entry.name(method, called)
        if self._portal:
            entry.portal_id = self._portal.id
            entry.at = self._portal.clock.now()
            count_request(self._emulator.database, self._portal, request.source)
            self._faults = armed(self._emulator, self._portal)

    def _success(self, done: Performed) -> reply.Reply:
        assert self._caller is not None
        time = self._stopwatch.time(self._caller.portal, done.usage)
        body = reply.envelope(done.result, time)
        return reply.success(body, self._transport, self._headers())

    def _blow(self, when: Moment) -> Blow | None:
        """What the faults that were ordered do to this call."""
        if not self._faults or self._portal is None:
            return None
        return strike(self._faults, self._emulator, self._portal, self._entry.method, when)

    def _suffer(
        self, blow: Blow, counted: Operating | None = None
    ) -> Generator[float, bool | None, float]:
        """Wait, and fail where the fault says so; give the seconds of delay."""
        self._entry.fault = blow.fault or SLOW
        if blow.delay:
            yield from self._wait(blow.delay)
        if counted:
            counted.add(blow.delay)
        blow.land()
        return blow.delay

    def _wait(self, seconds: float) -> Generator[float, bool | None, None]:
        self._entry.sent = (yield seconds) is not False

    def _came_by(self) -> str:
        return came_by(self._request.scheme, self._request.host, self._emulator.url)

    def _headers(self) -> reply.Headers:
        application = self._caller.application if self._caller else None
        client_id = application.client_id if application else None
        kind = self._called.kind if self._called else "faithful"
        notes = reply.noted(None if kind == "faithful" else kind)
        return [*reply.measured(self._stopwatch, client_id), *notes]

    def _record(self, answered: reply.Reply) -> None:
        entry = self._entry
        entry.status = None if answered.drop else answered.status
        entry.answer = exactly(answered.body)
        asked = len(self._request.body) + len(self._request.query)
        entry.size = asked + len(answered.body) + len(entry.rows)
        entry.duration = self._stopwatch.duration
        self._emulator.journal.record(entry)
