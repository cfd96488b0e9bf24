"""Figures, and Prometheus' text."""

from __future__ import annotations

import re

import httpx

from mock_bitrix.journal.entries import Entry
from mock_bitrix.journal.metrics import Metrics, text
from mock_bitrix.testing import MockBitrix
from tests.support import Client, TestPortal, lead_added

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? [0-9.e+-]+')


def _counted(*entries: Entry) -> Metrics:
    metrics = Metrics()
    for entry in entries:
        metrics.count(entry)
    return metrics


def test_calls_are_counted_by_method_and_status() -> None:
    known = Entry(1, method="profile", known=True, status=200)
    metrics = _counted(known, known, Entry(2, method="a.b", status=404), Entry(3, method="c.d"))

    shown = text(metrics, [])

    assert 'mock_bitrix_calls_total{method="profile",status="200"} 2\n' in shown
    assert 'mock_bitrix_calls_total{method="unknown",status="404"} 1\n' in shown
    assert 'mock_bitrix_calls_total{method="unknown",status="0"} 1\n' in shown
    assert "a.b" not in shown


def test_latencies_are_cumulative_buckets() -> None:
    shown = text(
        _counted(Entry(1, duration=0.001), Entry(2, duration=0.3), Entry(3, duration=99)), []
    )

    assert 'call_seconds_bucket{le="0.001"} 1\n' in shown
    assert 'call_seconds_bucket{le="0.25"} 1\n' in shown
    assert 'call_seconds_bucket{le="0.5"} 2\n' in shown
    assert 'call_seconds_bucket{le="+Inf"} 3\n' in shown
    assert "call_seconds_count 3\n" in shown
    assert "call_seconds_sum 99.301000\n" in shown


def test_takes_and_the_rows_they_gave_are_counted() -> None:
    shown = text(_counted(Entry(1, taken=7), Entry(2, taken=0), Entry(3)), [])

    assert "mock_bitrix_takes_total 2\n" in shown
    assert "mock_bitrix_taken_rows_total 7\n" in shown


def test_figures_of_several_processes_add_up() -> None:
    one, other = _counted(Entry(1, taken=2, duration=0.2)), _counted(Entry(2, taken=3))

    one.add(Metrics.from_json(other.as_json()))

    assert one == _counted(Entry(1, taken=2, duration=0.2), Entry(2, taken=3))


def test_labels_are_escaped() -> None:
    shown = text(Metrics(), [('a"b\\c\nd', "free", 1)])

    assert 'portal="a\\"b\\\\c\\nd"' in shown


def test_the_server_shows_rows_by_state(
    server: MockBitrix, portal: TestPortal, http: httpx.Client
) -> None:
    portal.rows([lead_added(1), lead_added(2)])
    caller: Client = portal.admin
    caller("event.offline.get", limit=1, clear=0)

    answer = http.get(f"{server.url}/_mock/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    for state in ("free", "reserved"):
        line = f'mock_bitrix_queue_rows{{portal="{portal.domain}",state="{state}"}} 1\n'
        assert line in answer.text
    for line in answer.text.splitlines():
        assert line.startswith("#") or LINE.fullmatch(line), line
