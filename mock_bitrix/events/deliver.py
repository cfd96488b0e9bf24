"""Delivering: each handler gets its events one after the other, and none waits for another.

Nothing is sent twice, whatever a handler answers (protocol G.7).
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from mock_bitrix import clock
from mock_bitrix.events.handler_call import Target, call
from mock_bitrix.events.letters import Letter
from mock_bitrix.events.reach import addresses_of
from mock_bitrix.log.failures import described
from mock_bitrix.settings import Settings

logger = logging.getLogger("mock_bitrix.events")

MOST_WAITING = 10_000
"""Letters that wait for one handler; a handler that is so far behind loses what comes then."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a letter: the handler's answer, or why there is none.

    `status` None: there was no answer, and `failure` says why. `duration` in seconds.
    """

    letter: Letter
    status: int | None = None
    answer: str = ""
    failure: str = ""
    duration: float = 0.0


Lane = deque[Letter]


class Deliverer:
    """Sends letters in the background, in the event loop of the server that it was started by.

    Letters that come before `start` wait for it; `stop` drops what has not been sent.
    """

    def __init__(self, settings: Settings, on_delivery: Callable[[Delivery], None]) -> None:
        self._allowed = {host.lower() for host in settings.allow_delivery_to}
        self._timeout = settings.delivery_timeout
        self._insecure = settings.delivery_insecure
        self._on_delivery = on_delivery
        self._loop: asyncio.AbstractEventLoop | None = None
        self._early: list[Letter] = []
        self._lanes: dict[tuple[int, str], Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._context: ssl.SSLContext | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to deliver, in this event loop."""
        self._loop = loop
        early, self._early = self._early, []
        self.send(early)

    def stop(self) -> None:
        """Deliver nothing any more; what is under way is broken off."""
        self._loop = None
        for task in self._tasks:
            task.cancel()

    def send(self, letters: Iterable[Letter]) -> None:
        """Deliver these, some time soon. From any thread; never waits, never fails."""
        letters = list(letters)
        loop = self._loop
        if loop is None:
            self._early += letters
        elif letters:
            loop.call_soon_threadsafe(self._sort, letters)

    def _sort(self, letters: list[Letter]) -> None:
        for letter in letters:
            key = (letter.portal_id, letter.handler)
            lane = self._lanes.get(key)
            if lane is None:
                lane = self._lanes[key] = deque()
                self._begin(key, lane)
            if len(lane) < MOST_WAITING:
                lane.append(letter)
            else:
                self._report(Delivery(letter, failure="dropped: the handler is too far behind"))

    def _begin(self, key: tuple[int, str], lane: Lane) -> None:
        task = asyncio.ensure_future(self._work_off(key, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, key: tuple[int, str], lane: Lane) -> None:
        while lane:
            self._report(await self._deliver(lane.popleft()))
        del self._lanes[key]

    async def _deliver(self, letter: Letter) -> Delivery:
        started = clock.stopwatch()
        try:
            async with asyncio.timeout(self._timeout):
                delivery = await self._called(letter)
        except TimeoutError:
            delivery = Delivery(letter, failure=f"no answer within {self._timeout:g} s")
        except (OSError, ValueError) as error:
            delivery = Delivery(letter, failure=str(error) or type(error).__name__)
        return replace(delivery, duration=clock.stopwatch() - started)

    async def _called(self, letter: Letter) -> Delivery:
        target = Target.of(letter.handler)
        addresses = await addresses_of(target.host, target.port, self._allowed)
        context = self._https() if target.secure else None
        answer = await call(target, addresses, letter.body.encode(), context)
        return Delivery(letter, answer.status, answer.body.decode("utf-8", "replace"))

    def _https(self) -> ssl.SSLContext:
        from mock_bitrix.events.trust import context

        self._context = self._context or context(insecure=self._insecure)
        return self._context

    def _report(self, delivery: Delivery) -> None:
        try:
            self._on_delivery(delivery)
        except Exception as failure:
            logger.error("a delivery could not be recorded: %s", described(failure))
