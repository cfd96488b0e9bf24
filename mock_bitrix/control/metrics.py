"""Figures for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Response

from mock_bitrix.control.common import House
from mock_bitrix.journal import metrics, reading
from mock_bitrix.queue.overview import Choice, Overview

router = APIRouter(tags=["server"])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def show_metrics(emulator: House) -> Response:
    """Calls, takes and latency since the start, and the rows in queues, as Prometheus reads it."""
    rows = [
        (portal.domain, state, number)
        for portal in emulator.directory.revised().portals()
        for state, number in Overview(emulator.database, portal).counts(Choice()).items()
    ]
    text = metrics.text(reading.metrics(emulator), rows)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
