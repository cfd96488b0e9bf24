"""What happened instead: the text of a failed assertion."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mock_bitrix.testing.ledger import Step, Story
from mock_bitrix.testing.seen import Call, Row

MOST = 10
"""Rows and calls that are shown of each kind."""

WIDEST = 100
"""Characters of data and parameters that are shown."""

_WHAT = {
    "taken": "arrived in",
    "lost": "was in the lost answer to",
    "confirmed": "was confirmed by",
    "failed": "was marked as an error by",
    "dropped": "was dropped by",
}


def about(
    head: str,
    stories: Sequence[Story],
    calls: Sequence[Call],
    bindings: Sequence[Mapping[str, Any]],
) -> str:
    """What became of these rows, which calls there were, and who has bound what."""
    lines = [head]
    for story in stories[:MOST]:
        lines += ["", *_story(story)]
    lines += _more(len(stories), "rows")
    lines += ["", *_calls(calls), "", _bound(bindings)]
    return "\n".join(lines)


def not_called(
    method: str,
    times: int | None,
    parameters: Mapping[str, Any],
    same: Sequence[Call],
    calls: Sequence[Call],
) -> str:
    """Which calls of the method there were instead, or of which others."""
    often = "" if times is None else f" {times} times" if times != 1 else " once"
    carrying = f" with {_cut(parameters)}" if parameters else ""
    lines = [f"{method} was not called{often}{carrying}; it was called {len(same)} times in all"]
    lines += [f"  {line(call)}" for call in same[-MOST:]]
    names = {call.method for call in calls}
    near = difflib.get_close_matches(method, names, n=1, cutoff=0.7) if not same else []
    if near:
        lines.append(f"called instead: {near[0]}")
    if not same:
        lines += ["", *_calls(calls, "*")]
    return "\n".join(lines)


def line(call: Call) -> str:
    """A call on one line: when, what, under which connector, with what outcome."""
    caller = call.caller or {}
    who = "webhook" if caller.get("webhook") else f'auth_connector "{call.connector}"'
    taken = "" if call.taken is None else f"  took {call.taken}"
    process = f"  process {call.process_id}" if call.process_id else ""
    lost = "" if call.sent else "  answer lost"
    fault = f" ({call.fault})" if call.fault else ""
    shown = f"{call.at[11:19]}  {call.method}{_parameters(call)}  {who}"
    return f"{shown}  {call.status or 'no answer'}{fault}{taken}{process}{lost}"


def told_step(step: Step) -> str:
    """What happened to a row, by which call; what was to happen, where an answer doesn't say."""
    what = _WHAT[step.what]
    if step.what in ("confirmed", "failed") and not step.call.arrived:
        what = what.replace("was", "was to be", 1)
    return f"{what} {line(step.call)}"


def row_now(row: Row) -> str:
    """Where a row is."""
    where = f' under auth_connector "{row.auth_connector}"' if row.auth_connector else ""
    if row.state == "reserved":
        return f"reserved by process {row.process_id} for {row.reserved_for or 0:.1f} s{where}"
    return f"in the queue{where}" + (", marked as an error" if row.state == "error" else "")


def _story(story: Story) -> Iterator[str]:
    data = f"  {_cut(story.row.data)}" if story.row else ""
    yield f"  {story.event}  row {story.id}{data}"
    for step in story.steps:
        yield f"    {told_step(step)}"
    if not story.calls("taken", "lost"):
        yield "    no take gave it"
    yield f"    now {row_now(story.row)}" if story.row else "    now gone"


def _calls(calls: Sequence[Call], pattern: str = "event.offline.") -> Iterator[str]:
    shown = [call for call in calls if pattern == "*" or call.method.startswith(pattern)]
    if not shown:
        yield "no method of the queue was called" if pattern != "*" else "nothing was called"
        return
    earlier = f" (the last {MOST} of {len(shown)})" if len(shown) > MOST else ""
    yield f"calls{earlier}:"
    for call in shown[-MOST:]:
        yield f"  {line(call)}"
        yield from (f"    hint: {hint}" for hint in call.hints)


def _bound(bindings: Sequence[Mapping[str, Any]]) -> str:
    if not bindings:
        return "nothing is bound"
    return "bound: " + ", ".join(map(_binding, bindings))


def _binding(binding: Mapping[str, Any]) -> str:
    connector = binding["auth_connector"]
    where = f' under auth_connector "{connector}"' if connector else ""
    return f"{binding['event']} {binding['type']}{where}"


def _parameters(call: Call) -> str:
    shown = [f"{name}={_cut(value)}" for name, value in call.params.items()]
    return f" {' '.join(shown)}" if shown else ""


def _more(count: int, what: str) -> Iterable[str]:
    return [f"  and {count - MOST} {what} more"] if count > MOST else []


def _cut(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
