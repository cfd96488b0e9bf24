"""Writes back without naming its connector, and so hears of its own changes."""

from __future__ import annotations

import time

from tests.check.workers.calling import Portal

portal = Portal()
while True:
    batch = portal("event.offline.get", clear=0)
    for event in batch["events"]:
        if event["EVENT_NAME"] == "ONCRMLEADADD":
            number = event["EVENT_DATA"]["FIELDS"]["ID"]
            portal("crm.lead.update", id=number, fields={"COMMENTS": "seen"}, connector="")
    portal("event.offline.clear", process_id=batch["process_id"])
    time.sleep(0.05)
