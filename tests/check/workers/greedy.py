"""Takes with clear=1, as the examples do: what a lost answer had is gone."""

from __future__ import annotations

import time

from tests.check.workers.calling import BROKEN, Portal, Refusal

portal = Portal()
while True:
    try:
        portal("event.offline.get")
    except (*BROKEN, Refusal):
        pass
    time.sleep(0.05)
