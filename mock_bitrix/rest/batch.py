"""`batch`: up to fifty calls in one, which may refer to earlier answers (protocol F.9)."""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from mock_bitrix.faults.model import SLOW, Broken, Moment
from mock_bitrix.faults.striking import armed, strike
from mock_bitrix.journal.entries import Entry
from mock_bitrix.php.values import Value, array_items
from mock_bitrix.rest import errors, finding
from mock_bitrix.rest.call import Call, Listed
from mock_bitrix.rest.caller import require_scope
from mock_bitrix.rest.dispatch import perform
from mock_bitrix.rest.failures import refusal_of
from mock_bitrix.rest.references import resolved
from mock_bitrix.rest.registry import Method, Parameters, method
from mock_bitrix.rest.reply import Stopwatch, is_error
from mock_bitrix.rest.request import variables
from mock_bitrix.rest.types import Truthy

LONGEST = 50
FORBIDDEN = ("batch", "download", "upload")
CREDENTIALS = ("auth", "access_token", "auth_connector")
"""Of the outer call only: an item can't bring its own."""


class Commands(Parameters):
    """The calls, by name or in a list; and whether the first failure ends it."""

    cmd: object = Field(
        None,
        description="up to 50 calls `method?query`, in a list or by name; a value such as"
        " `$result[name][ID]` is taken from an earlier answer",
    )
    halt: Truthy = Field(False, description="whether the first failure ends the batch")


@method("batch", Commands)
def batch(call: Call, wanted: Commands) -> dict[str, object]:
    """Run up to 50 calls one after the other, in one request."""
    run = _Run(call)
    commands = wanted.cmd if isinstance(wanted.cmd, list | dict) else {}
    for number, (key, command) in enumerate(array_items(commands)):
        if not isinstance(command, str):
            continue  # not run, yet counted
        if not run.do(key, command, number) and wanted.halt:
            break
    return run.answers()


class _Run:
    """What the calls of one batch have answered so far."""

    def __init__(self, call: Call) -> None:
        self._call = call
        kinds = ("result", "error", "total", "next", "time")
        self._answers: dict[str, dict[str, object]] = {kind: {} for kind in kinds}

    def do(self, key: str, command: str, number: int) -> bool:
        """Run one command; False where it failed."""
        entry = self._entry(key, command)
        try:
            self._run(key, command, number, entry)
        except errors.InsufficientScope as refusal:
            entry.status = refusal.status
            self._answers["error"][key] = {**refusal.body(), "error_description": ""}
        except Broken:
            entry.status = None
            raise  # the answer as a whole is lost
        except Exception as failure:
            answer = refusal_of(failure)
            entry.status = answer.status
            self._answers["error"][key] = answer.body()
        finally:
            self._call.emulator.journal.record(entry)
        return key not in self._answers["error"]

    def _entry(self, key: str, command: str) -> Entry:
        """What the journal hears of a command."""
        outer = self._call.entry
        return replace(
            self._call.emulator.journal.begin(),
            portal_id=outer.portal_id,
            at=outer.at,
            verb=outer.verb,
            method=_parts(command)[0],
            caller=outer.caller,
            status=200,
            outer=outer,
            key=key,
        )

    def answers(self) -> dict[str, object]:
        """The five maps, in the order of protocol F.9.3."""
        result, *others = self._answers.items()
        return {"result": result[1], **{f"result_{kind}": found for kind, found in others}}

    def _run(self, key: str, command: str, number: int, entry: Entry) -> None:
        stopwatch = Stopwatch()
        called = _method_of(self._call, command, number)
        entry.name(called.name, called)
        require_scope(self._call.caller, called)
        waited = self._strike(called, "before", entry)
        entry.parameters = parameters = self._parameters(command)
        caller, emulator = self._call.caller, self._call.emulator
        done = perform(called, parameters, caller, emulator, entry, waited=waited)
        entry.duration = stopwatch.duration
        self._strike(called, "after", entry)
        if is_error(done.result):
            self._answers["error"][key] = done.result
            return
        self._note(key, done.result)
        self._answers["time"][key] = stopwatch.time(self._call.portal, done.usage)

    def _strike(self, called: Method, when: Moment, entry: Entry) -> float:
        """Suffer the faults that were ordered; the batch as a whole waits for their delays."""
        where = (self._call.emulator, self._call.portal)
        blow = strike(armed(*where), *where, called.name, when)
        if blow is None:
            return 0.0
        entry.fault = self._call.entry.fault = blow.fault or SLOW
        self._call.entry.pause += blow.delay
        blow.land()
        return blow.delay

    def _note(self, key: str, answer: object) -> None:
        if isinstance(answer, Listed):
            self._answers["total"][key] = answer.total
            if answer.next is not None:
                self._answers["next"][key] = answer.next
            answer = answer.result
        self._answers["result"][key] = answer

    def _parameters(self, command: str) -> dict[str, Value]:
        given = variables(_parts(command)[1])
        return {
            name: resolved(value, self._answers)
            for name, value in given.items()
            if name not in CREDENTIALS
        }


def _parts(command: str) -> tuple[str, str]:
    """Method and query: a command is read like an address, so `#` ends it."""
    name, _, query = command.partition("#")[0].partition("?")
    return name, query


def _method_of(call: Call, command: str, number: int) -> Method:
    name, _ = _parts(command)
    if number >= LONGEST:
        raise errors.BatchTooLong
    if name.lower() in FORBIDDEN:
        raise errors.NotInBatch
    called = finding.find(call.emulator, call.portal, name)
    if called is None:
        raise finding.unknown(name)
    return called
