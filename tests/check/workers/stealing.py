"""Takes over whatever is reserved, at once: also what another worker is busy with."""

from __future__ import annotations

import time

from tests.check.workers.calling import BROKEN, Portal, Refusal

portal = Portal()
while True:
    try:
        batch = portal("event.offline.get", clear=0, limit=10)
        time.sleep(0.1)
        portal("event.offline.clear", process_id=batch["process_id"])
        for row in portal("event.offline.list", filter={">PROCESS_ID": ""}):
            process = row["PROCESS_ID"]
            portal("event.offline.get", clear=0, process_id=process)
            portal("event.offline.clear", process_id=process)
    except (*BROKEN, Refusal):
        pass
    time.sleep(0.02)
