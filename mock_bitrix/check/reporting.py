"""What came of a check: for people, for programs, and for whoever reads JUnit's XML."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from mock_bitrix.check.advice import advice, why
from mock_bitrix.check.histories import HISTORIES, History
from mock_bitrix.check.judging import KINDS, Finding
from mock_bitrix.check.running import Plan, Played
from mock_bitrix.testing.telling import line, row_now, told_step

SUITE = "mock-bitrix check-worker"
MOST_LIKEWISE = 12
"""Rows that are named beside the one that is told of."""

MOST_STEPS = 8
"""Steps of a row that are told."""

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDEST = max(len(history.name) for history in HISTORIES)


def headline(played: Played) -> str:
    """A history on one line."""
    outcome = "FAIL" if played.findings else "ok  "
    events = f"{len(played.evidence.happened)} events"
    shown = f"{outcome}  {played.history.name:<{_WIDEST}}  {played.seconds:5.1f} s  {events:<10}"
    return f"{shown}  {counted(played.findings)}".rstrip()


def details(plan: Plan, played: Played) -> Iterator[str]:
    """What went wrong in a history: which rows, by which calls, why it counts, what to change."""
    yield f"{played.history.name}: {played.history.about}"
    for likewise in _alike(played):
        yield from _finding(played, likewise)
    yield from _ends(played)
    yield f"  again: {again(plan, played.history)}"


def counted(findings: Iterable[Finding]) -> str:
    """`2 lost, 1 stuck`."""
    counts = Counter(finding.kind for finding in findings)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if kind in counts)


def again(plan: Plan, history: History) -> str:
    """The command that plays the history once more, with the same seed."""
    options = ["--seed", plan.seed, "--history", history.name, *plan.options]
    return shlex.join(["mock-bitrix", "check-worker", *options, "--", *plan.command])


def as_json(plan: Plan, all_played: Sequence[Played]) -> dict[str, Any]:
    """The whole report, for programs."""
    return {
        "ok": not any(played.findings for played in all_played),
        "seed": plan.seed,
        "connector": plan.connector,
        "events": list(plan.events),
        "command": list(plan.command),
        "histories": [_history_as_json(plan, played) for played in all_played],
    }


def as_junit(plan: Plan, all_played: Sequence[Played]) -> bytes:
    """The whole report as JUnit's XML: a test case for each history."""
    failed = sum(bool(played.findings) for played in all_played)
    seconds = sum(played.seconds for played in all_played)
    counts = {"tests": str(len(all_played)), "failures": str(failed), "errors": "0"}
    suites = Xml.Element("testsuites", {"name": SUITE})
    suite = Xml.SubElement(suites, "testsuite", {"name": SUITE, "time": f"{seconds:.3f}", **counts})
    properties = Xml.SubElement(suite, "properties")
    Xml.SubElement(properties, "property", name="seed", value=_plain(plan.seed))
    for played in all_played:
        _case(suite, plan, played)
    Xml.indent(suites)
    text: bytes = Xml.tostring(suites, encoding="utf-8", xml_declaration=True)
    return text


def _case(suite: Xml.Element, plan: Plan, played: Played) -> None:
    case = Xml.SubElement(
        suite,
        "testcase",
        classname="check-worker",
        name=played.history.name,
        time=f"{played.seconds:.3f}",
    )
    if played.findings:
        failure = Xml.SubElement(case, "failure", message=counted(played.findings))
        failure.text = _plain("\n".join(details(plan, played)))
    if played.said:
        Xml.SubElement(case, "system-out").text = _plain(played.said)


def _history_as_json(plan: Plan, played: Played) -> dict[str, Any]:
    return {
        "name": played.history.name,
        "about": played.history.about,
        "ok": not played.findings,
        "seconds": round(played.seconds, 3),
        "changes": len(played.evidence.happened),
        "findings": [_finding_as_json(played, finding) for finding in played.findings],
        "ended": [
            {"status": each.status, "last_line": each.last_line} for each in played.evidence.ended
        ],
        "stopped": not played.stubborn,
        "said": played.said,
        "again": again(plan, played.history),
    }


def _finding_as_json(played: Played, finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "row": finding.story.id,
        "event": finding.story.event,
        "data": finding.data,
        "message_id": finding.story.message_id,
        "why": why(played.evidence, finding),
        "change": advice(played.evidence, finding),
        "steps": [
            {
                "what": step.what,
                "at": step.call.at,
                "method": step.call.method,
                "params": step.call.params,
                "process_id": step.call.process_id,
                "status": step.call.status,
                "sent": step.call.sent,
                "fault": step.call.fault,
            }
            for step in finding.steps
        ],
    }


def _alike(played: Played) -> list[list[Finding]]:
    """Findings of one kind with one remedy, together."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in played.findings:
        groups.setdefault((finding.kind, advice(played.evidence, finding)), []).append(finding)
    return list(groups.values())


def _finding(played: Played, likewise: Sequence[Finding]) -> Iterator[str]:
    finding, story = likewise[0], likewise[0].story
    data = json.dumps(finding.data, ensure_ascii=False)
    yield f"  {len(likewise)} {finding.kind} ({KINDS[finding.kind]})"
    yield f"    {story.event}  row {story.id}  {data}{_others(likewise[1:])}"
    yield from (f"      {told_step(step)}" for step in finding.steps[-MOST_STEPS:])
    if finding.cause:
        yield f"      made by {line(finding.cause)}"
    yield f"      now {row_now(story.row)}" if story.row else "      now gone"
    yield f"    why: {why(played.evidence, finding)}"
    yield f"    change: {advice(played.evidence, finding)}"


def _others(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    shown = ", ".join(str(finding.story.id) for finding in findings[:MOST_LIKEWISE])
    more = f" and {len(findings) - MOST_LIKEWISE} more" if len(findings) > MOST_LIKEWISE else ""
    return f"; likewise rows {shown}{more}"


def _ends(played: Played) -> Iterator[str]:
    failed = [each for each in played.evidence.ended if each.status]
    for ended, times in Counter(failed).items():
        said = f": {ended.last_line}" if ended.last_line else ""
        yield f"  the worker ended by itself with status {ended.status}, {times} times{said}"
    if played.stubborn:
        yield "  the worker didn't end when it was asked to (SIGTERM), and was killed"


def _plain(text: str) -> str:
    """Without what XML can't hold."""
    return _NO_XML.sub("�", text)
