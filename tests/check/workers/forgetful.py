"""Reserves, and never confirms."""

from __future__ import annotations

import time

from tests.check.workers.calling import Portal

portal = Portal()
while True:
    portal("event.offline.get", clear=0)
    time.sleep(0.05)
