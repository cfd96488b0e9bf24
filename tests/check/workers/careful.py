"""A worker that loses nothing and does nothing twice. With --once, it ends when all is done."""

from __future__ import annotations

import sys
import time
from typing import Any

from tests.check.workers.calling import BROKEN, Portal, Refusal

PAUSE = 0.05
GRACE = 1.0
"""Seconds after which a reservation that isn't ours is nobody's any more."""


class Worker:
    """Takes, works, confirms; takes over what dead workers and lost answers have left."""

    def __init__(self) -> None:
        self._portal = Portal()
        self._seen: dict[str, float] = {}

    def run(self, *, once: bool) -> None:
        while True:
            worked = self._batch(error=0) + self._batch(error=1)
            left = self._take_over()
            if once and not worked and not left:
                return
            if not worked:
                time.sleep(PAUSE)

    def _batch(self, error: int) -> int:
        """One batch; without an answer, what it may have reserved is taken over in time."""
        try:
            batch = self._portal("event.offline.get", clear=0, error=error)
        except (*BROKEN, Refusal) as problem:
            self._after(problem)
            return 0
        if batch["events"]:
            # Here the work would be done.
            self._surely("event.offline.clear", process_id=batch["process_id"])
        return len(batch["events"])

    def _take_over(self) -> int:
        """Put back what has been reserved for too long; how many rows there are in all."""
        answer = self._listed(0)
        rows, start = answer["result"], answer.get("next")
        while start is not None:
            answer = self._listed(start)
            rows, start = rows + answer["result"], answer.get("next")
        held: dict[str, list[str]] = {}
        for row in rows:
            if row["PROCESS_ID"]:
                held.setdefault(row["PROCESS_ID"], []).append(row["MESSAGE_ID"])
        now = time.monotonic()
        self._seen = {process: self._seen.get(process, now) for process in held}
        for process, since in self._seen.items():
            if now - since > GRACE:
                self._put_back(process, held[process])
        return len(rows)

    def _listed(self, start: int) -> Any:
        return self._surely_answered("event.offline.list", start=start)

    def _put_back(self, process: str, messages: list[str]) -> None:
        """As errors: several workers may try at once, and only one will take each of them."""
        self._surely("event.offline.error", process_id=process, message_id=messages)

    def _surely(self, method: str, **parameters: Any) -> Any:
        return self._surely_answered(method, **parameters)["result"]

    def _surely_answered(self, method: str, **parameters: Any) -> Any:
        """Until there is an answer: only for what does no harm when it is done twice."""
        while True:
            try:
                return self._portal.answer(method, **parameters)
            except (*BROKEN, Refusal) as problem:
                self._after(problem)

    def _after(self, problem: Exception) -> None:
        if isinstance(problem, Refusal) and problem.code == "expired_token":
            self._portal.renew()
        else:
            time.sleep(PAUSE)


if __name__ == "__main__":
    Worker().run(once="--once" in sys.argv)
