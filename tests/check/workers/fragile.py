"""Does everything right while nothing goes wrong; ends with an error at the first failure."""

from __future__ import annotations

from tests.check.workers.calling import Portal

portal = Portal()
while True:
    batch = portal("event.offline.get", clear=0)
    if not batch["events"]:
        break
    portal("event.offline.clear", process_id=batch["process_id"])
