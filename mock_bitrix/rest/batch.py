"""`batch`: up to fifty calls in one, which may refer to earlier answers (protocol F.9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from mock_bitrix.php import brackets
from mock_bitrix.php.json import unfolded
from mock_bitrix.php.values import Value, array_items, is_array, to_text
from mock_bitrix.rest import errors, registry
from mock_bitrix.rest.call import Call, Listed
from mock_bitrix.rest.registry import Parameters, method
from mock_bitrix.rest.types import Truthy

LONGEST = 50
FORBIDDEN = ("batch",)

_REFERENCE = re.compile(r"\$(result|error|total|next|time)((?:\[[^\]\s]*\])+)\S*")
_KEY = re.compile(r"\[([^\]]*)\]")


class Commands(Parameters):
    """The calls, by name or in a list; and whether the first failure ends it."""

    cmd: object = None
    halt: Truthy = False


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
        self._result: dict[str, object] = {}
        self._error: dict[str, object] = {}
        self._total: dict[str, object] = {}
        self._next: dict[str, object] = {}
        self._time: dict[str, object] = {}

    def do(self, key: str, command: str, number: int) -> bool:
        """Run one command; False where it failed."""
        from mock_bitrix.rest.dispatch import refusal_of

        try:
            self._run(key, command, number)
        except errors.InsufficientScope as refusal:
            self._error[key] = {**refusal.body(), "error_description": ""}
        except Exception as failure:
            self._error[key] = refusal_of(failure).body()
        return key not in self._error

    def answers(self) -> dict[str, object]:
        """The five maps, in the order of protocol F.9.3."""
        return {
            "result": self._result,
            "result_error": self._error,
            "result_total": self._total,
            "result_next": self._next,
            "result_time": self._time,
        }

    def _run(self, key: str, command: str, number: int) -> None:
        from mock_bitrix.rest.reply import Stopwatch

        stopwatch = Stopwatch()
        if number >= LONGEST:
            raise errors.BatchTooLong
        name, _, query = command.partition("?")
        result = self._call_of(name, query)
        if isinstance(result, Listed):
            self._total[key] = result.total
            if result.next is not None:
                self._next[key] = result.next
            result = result.result
        self._result[key] = result
        self._time[key] = stopwatch.time(self._call.portal)

    def _call_of(self, name: str, query: str) -> object:
        from mock_bitrix.rest.caller import require_scope
        from mock_bitrix.rest.dispatch import take_start

        if name.lower() in FORBIDDEN:
            raise errors.NotInBatch
        called = registry.find(name)
        if called is None:
            raise errors.MethodNotFound
        require_scope(self._call.caller, called)
        parameters = {k: self._resolved(v) for k, v in brackets.parse(query).items()}
        for credential in ("auth", "access_token", "auth_connector"):
            parameters.pop(credential, None)
        start = take_start(parameters)
        own = Call(called.name, parameters, start, self._call.caller, self._call.emulator)
        return called.run(own)

    def _resolved(self, value: Value) -> Value:
        """The value with references to earlier answers replaced (protocol F.9.2)."""
        if isinstance(value, dict):
            return {key: self._resolved(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._resolved(item) for item in value]
        if not isinstance(value, str):
            return value
        text = unquote(value) if "%24" in value else value
        whole = _REFERENCE.fullmatch(text)
        if whole:
            return self._found(whole)
        return _REFERENCE.sub(self._as_text, text) if "$" in text else value

    def _as_text(self, reference: re.Match[str]) -> str:
        found = self._found(reference)
        scalar = isinstance(found, str | int | float) and not isinstance(found, bool)
        return to_text(found) if scalar else reference.group()

    def _found(self, reference: re.Match[str]) -> Value:
        """What a reference leads to; the last level found, where the path goes further."""
        answers: Mapping[str, object] = {
            "result": self._result,
            "error": self._error,
            "total": self._total,
            "next": self._next,
            "time": self._time,
        }
        keys = _KEY.findall(reference[2])
        if keys[0] not in answers[reference[1]]:  # type: ignore[operator]
            return None
        found: Value = unfolded(answers[reference[1]][keys[0]])  # type: ignore[index]
        for key in keys[1:]:
            level = dict(array_items(found)) if isinstance(found, list | dict) else {}
            if key not in level:
                break
            found = level[key]
        return found


__all__ = ["batch", "is_array"]
