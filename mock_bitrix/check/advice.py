"""Why a finding counts, and what to change in the worker: a sentence each."""

from __future__ import annotations

from mock_bitrix.check.evidence import Evidence
from mock_bitrix.check.judging import Finding
from mock_bitrix.testing.ledger import CLEAR, TAKE, given
from mock_bitrix.testing.seen import Call

RESERVE = (
    "take with clear=0, and confirm with event.offline.clear when the work is done: a take with "
    "clear=1 (the default) deletes rows before anybody knows whether its answer arrives"
)
RECOVER = (
    "after a take without an answer, and at the start, look at event.offline.list for rows with a "
    "PROCESS_ID that is nobody's any more, and take that batch over: re-read it with "
    "event.offline.get, its process_id and clear=0, or put it back with event.offline.error"
)
REREAD = "re-read a batch with clear=0: without it, the whole batch is deleted, shown or not"
FOREIGN_MARK = (
    "name in event.offline.error the process_id that holds the rows: under any other, rows with a "
    "listed MESSAGE_ID are deleted"
)
CLEAR_FREE = "never clear with an empty process_id: that deletes the rows nobody has taken yet"
CONFIRM = (
    "confirm with event.offline.clear and the take's process_id when the work is done: "
    "a reservation never ends by itself"
)
REPEAT_CONFIRMATION = "repeat event.offline.clear until it is answered: it does no harm twice"
STEAL = (
    "take over another process's batch only when its owner is certainly gone: give it more time "
    "than a batch can take, or let each worker take over nothing but its own"
)
REMEMBER = "remember what you have done by MESSAGE_ID and TIMESTAMP_X before you take it again"
ERRORS = (
    "take with error=1, too, now and then: a row that is marked as an error comes with that only, "
    "and takes in later changes of the same message"
)
NAME_CONNECTOR = 'name auth_connector="{}" in every call that writes, as in the takes'
NOT_BY_WEBHOOK = (
    "write with the application's token and auth_connector: a change by webhook is always queued"
)
REFRESH = (
    "on 401 expired_token get a new token from /oauth/token/ with the refresh token, and go on"
)
KEEP_TRYING = "when a call is refused with {} wait a little and repeat it"
SURVIVE = "don't end on a failed call, or have the worker started again; it ended with status {}{}"
CALL_UNDER = 'take under auth_connector "{}"; the takes named "{}"'
NEVER_TOOK = "call event.offline.get: there was no call of it{}"
TAKE_ON = "go on taking until event.offline.get gives no more rows"


def why(evidence: Evidence, finding: Finding) -> str:
    """Why it counts, in the words of what happened to the row."""
    return {
        "lost": _why_lost,
        "twice": _why_twice,
        "stuck": _why_stuck,
        "left": _why_left,
        "echoed": _why_echoed,
    }[finding.kind](evidence, finding)


def advice(evidence: Evidence, finding: Finding) -> str:
    """What to change in the worker."""
    return {
        "lost": _against_loss,
        "twice": _against_repeats,
        "stuck": _against_reservation,
        "left": _against_leaving,
        "echoed": _against_echo,
    }[finding.kind](evidence, finding)


def _why_lost(_: Evidence, finding: Finding) -> str:
    if not finding.steps:
        return "it is gone, and no call accounts for it"
    last = finding.steps[-1]
    if last.what == "dropped":
        return f"{last.call.method} deleted it; it had not arrived in an answer since it changed"
    return "the take deleted it, and the answer that had it never arrived"


def _why_twice(_: Evidence, finding: Finding) -> str:
    assert finding.pair is not None
    same = finding.pair[0].process_id == finding.pair[1].process_id
    again = "its batch was read again" if same else "it was taken again"
    return f"it had arrived, no answer was lost since, and {again}"


def _why_stuck(_: Evidence, finding: Finding) -> str:
    row = finding.story.row
    process = row.process_id if row else ""
    last = finding.steps[-1] if finding.steps else None
    if last and last.what == "lost":
        return f"the answer that named process {process} never arrived, and nobody took the rows up"
    if last and last.what == "confirmed":
        return f"it arrived, but its confirmation had no effect; process {process} still holds it"
    return f"it arrived, but was not confirmed; process {process} still holds it"


def _why_left(_: Evidence, finding: Finding) -> str:
    row = finding.story.row
    state = "marked as an error" if row and row.error else "free"
    return f"it is still there, {state}, when the worker had nothing more to do or no more time"


def _why_echoed(_: Evidence, finding: Finding) -> str:
    if finding.cause is None:
        return "no change of the history made this row: the worker's own calls did"
    return f"{finding.cause.method} by the worker made it"


def _against_loss(_: Evidence, finding: Finding) -> str:
    last = finding.steps[-1].call if finding.steps else None
    if last is None or last.method == TAKE:
        reread = last is not None and given(last, "process_id") is not None
        return REREAD if reread else RESERVE
    return CLEAR_FREE if last.method == CLEAR else FOREIGN_MARK


def _against_repeats(_: Evidence, finding: Finding) -> str:
    assert finding.pair is not None
    first, second = finding.pair
    confirmed = [step for step in finding.steps if step.what == "confirmed"]
    if any(first.id < step.call.id < second.id for step in confirmed):
        return REPEAT_CONFIRMATION
    return f"{STEAL}; and {REMEMBER}"


def _against_reservation(evidence: Evidence, finding: Finding) -> str:
    steps = {step.what for step in finding.steps}
    if evidence.crashes or "lost" in steps:
        return RECOVER
    return REPEAT_CONFIRMATION if "confirmed" in steps else CONFIRM


def _against_leaving(evidence: Evidence, finding: Finding) -> str:
    takes = [call for call in evidence.calls if call.method == TAKE]
    row, answered = finding.story.row, _answered(takes, evidence.connector)
    if row and row.error and answered:
        return ERRORS
    found = _from_refusal(evidence) or _from_end(evidence)
    if found:
        return found
    if not takes:
        return NEVER_TOOK.format("" if evidence.calls else ", nor of anything else")
    return TAKE_ON if answered else CALL_UNDER.format(evidence.connector, takes[-1].connector)


def _from_refusal(evidence: Evidence) -> str | None:
    """What to do about the refusal of the last call, if it was refused."""
    last = evidence.calls[-1] if evidence.calls else None
    answer = last.answer if last and last.status != 200 and isinstance(last.answer, dict) else {}
    code = str(answer.get("error", ""))
    if code == "expired_token":
        return REFRESH
    return KEEP_TRYING.format(code) if code else None


def _from_end(evidence: Evidence) -> str | None:
    """What to do about a process that ended with a failure, if one did."""
    failed = [each for each in evidence.ended if each.status]
    if not failed:
        return None
    said = f": {failed[-1].last_line}" if failed[-1].last_line else ""
    return SURVIVE.format(failed[-1].status, said)


def _against_echo(evidence: Evidence, finding: Finding) -> str:
    by_webhook = finding.cause and (finding.cause.caller or {}).get("webhook")
    return NOT_BY_WEBHOOK if by_webhook else NAME_CONNECTOR.format(evidence.connector)


def _answered(takes: list[Call], connector: str) -> bool:
    """Whether there was a take under the connector that the portal answered."""
    return any(call.connector == connector and call.arrived for call in takes)
