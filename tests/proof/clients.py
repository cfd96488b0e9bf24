"""Clients that call a site at once, whatever becomes of its servers, and note what they saw."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any

from mock_bitrix.testing.control import Control, ControlError, NotReachable
from tests.proof.calling import Caller, NoAnswer, NotSent
from tests.proof.crashes import Event
from tests.proof.site import CONNECTOR, EVENT, Site

BREATH = 0.02
"""Seconds that a client waits after a call without an answer."""

PACE = 0.01
"""Seconds between two changes."""


class Client:
    """One of many. `refused`: answers that were no success."""

    def __init__(self, site: Site, number: int, seed: int) -> None:
        self._site = site
        self._number = number
        self._chance = random.Random(f"{seed}:{number}")
        self._caller: Caller | None = None
        self.history: list[Event] = []
        self.refused: list[Any] = []

    def put(self, lead: int) -> None:
        """A change happens, once."""
        portal = Control(self._site.url(self._number)).portal(self._site.portal)
        answered = False
        try:
            portal.emit(EVENT, {"FIELDS": {"ID": lead}}, user_id=1)
            answered = True
        except NotReachable as error:
            time.sleep(BREATH)
            if isinstance(error.__cause__, ConnectionRefusedError):
                return  # nobody heard of it
        except ControlError as error:
            self.refused.append(error.answer)
        self.history.append(Event("put", answered, (lead,)))

    def work(self) -> None:
        """Take; then confirm the batch, mark some of it, or leave it alone."""
        keep, error = self._chance.random() < 0.7, self._chance.random() < 0.2
        limit = self._chance.choice([1, 3, 10])
        wanted = {"limit": limit, "clear": int(not keep), "error": int(error)}
        try:
            result = self._call("event.offline.get", **wanted)
        except NotSent:
            return
        batch = result["events"] if result else []
        process_id = result["process_id"] if result else None
        done = Event("take", bool(result), leads_of(batch), process_id, keep, error, limit)
        self.history.append(done)
        if process_id and batch and self._chance.random() < 0.8:
            with contextlib.suppress(NotSent):
                self._finish(process_id, batch, error)

    def hang_up(self) -> None:
        """Call no more."""
        if self._caller:
            self._caller.close()

    def _finish(self, process_id: str, batch: list[Any], error: bool) -> None:
        if not error and self._chance.random() < 0.3:
            self._fail(process_id, batch[: len(batch) // 2])
        answer = self._call("event.offline.clear", process_id=process_id)
        self.history.append(Event("confirm", answer is not None, process_id=process_id))

    def _fail(self, process_id: str, batch: list[Any]) -> None:
        listed = [event["MESSAGE_ID"] for event in batch]
        answer = self._call("event.offline.error", process_id=process_id, message_id=listed)
        self.history.append(Event("fail", answer is not None, leads_of(batch), process_id))

    def _call(self, method: str, **parameters: Any) -> Any:
        """The result; None: nobody knows what happened. Raises `NotSent`, after a breath."""
        url = self._site.url(self._number)
        if self._caller is None or self._caller.url != url:
            self.hang_up()
            self._caller = Caller(url, self._site.token)
        try:
            status, answer = self._caller(method, auth_connector=CONNECTOR, **parameters)
        except NotSent:
            time.sleep(BREATH)
            raise
        except NoAnswer:
            return None
        if status != 200:
            self.refused.append(answer)
            return None
        return answer["result"]


def leads_of(batch: list[Any]) -> tuple[int, ...]:
    """Which leads the rows of an answer speak of."""
    return tuple(event["EVENT_DATA"]["FIELDS"]["ID"] for event in batch)


@contextmanager
def busy(site: Site, workers: int, producers: int, seed: int) -> Iterator[list[Client]]:
    """So many clients work until the block is left; then each has finished its last call."""
    clients = [Client(site, number, seed) for number in range(workers + producers)]
    leads, over = count(1), threading.Event()

    def produce(client: Client) -> Callable[[], None]:
        def step() -> None:
            client.put(next(leads))
            time.sleep(PACE)

        return step

    def repeat(step: Callable[[], None]) -> None:
        while not over.is_set():
            step()

    steps = [client.work for client in clients[:workers]]
    steps += [produce(client) for client in clients[workers:]]
    with ThreadPoolExecutor(len(steps)) as pool:
        running = [pool.submit(repeat, step) for step in steps]
        try:
            yield clients
        finally:
            over.set()
    for client in clients:
        client.hang_up()
    for each in running:
        each.result()
