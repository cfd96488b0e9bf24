"""What counts as lost, twice, stuck, left and echoed: judged from calls and a queue alone."""

from __future__ import annotations

from typing import Any

import pytest

from mock_bitrix.check.advice import advice, why
from mock_bitrix.check.evidence import Ended, Evidence, Happened
from mock_bitrix.check.judging import KINDS, Finding, judge
from mock_bitrix.testing.seen import Call, Row, TakenRow

GET, CLEAR, ERROR = "event.offline.get", "event.offline.clear", "event.offline.error"
SYNC = {"client_id": "local.app", "webhook": None, "user_id": 1, "auth_connector": "sync"}


def message(row: int) -> str:
    return f"{row:032x}"


def happened(*rows: int, at: tuple[int, ...] = (1,), same: int | None = None) -> list[Happened]:
    data = {"FIELDS": {"ID": "5"}}
    return [Happened(row, "ONCRMLEADADD", data, at, message(same or row)) for row in rows]


def call(at: int, method: str, *rows: int, same: int | None = None, **more: Any) -> Call:
    """A call at a moment; `more`: fields of `Call`, the others are parameters."""
    fields: dict[str, Any] = {
        "status": 200,
        "answer": None,
        "process_id": None,
        "fault": None,
        "sent": True,
        "caller": SYNC,
    }
    values = {name: more.pop(name) for name in fields if name in more}
    taken = tuple(TakenRow(row, "ONCRMLEADADD", message(same or row)) for row in rows)
    return Call(
        id=at,
        at="2026-01-02T10:00:00+00:00",
        method=method,
        params=more,
        taken=len(rows) if method == GET else None,
        left=None,
        rows=taken,
        hints=(),
        batch=None,
        duration=0.0,
        **{**fields, **values},
    )


def take(at: int, *rows: int, process: str | None = None, **more: Any) -> Call:
    keep = {} if process is None else {"clear": 0, "process_id": process}
    return call(at, GET, *rows, **{**keep, **more})


def reread(at: int, process: str, *rows: int, clear: int | None = 0, **more: Any) -> Call:
    """With the parameter process_id, not the field."""
    made = call(at, GET, *rows, process_id=process, **more)
    made.params.update({"process_id": process} | ({} if clear is None else {"clear": clear}))
    return made


def ending(at: int, method: str, process: str, **more: Any) -> Call:
    made = call(at, method, **more)
    made.params["process_id"] = process
    return made


def row(number: int, process: str = "", *, error: bool = False) -> Row:
    return Row(
        id=number,
        client_id="local.app",
        auth_connector="sync",
        event="ONCRMLEADADD",
        data={"FIELDS": {"ID": "5"}},
        additional={"user_id": "2"},
        message_id=message(number),
        timestamp="2026-01-02T10:00:00+00:00",
        process_id=process,
        error=error,
        state="reserved" if process else "error" if error else "free",
        age=1.0,
        reserved_for=1.0 if process else None,
    )


def evidence(
    calls: list[Call],
    changes: list[Happened] | None = None,
    queue: tuple[Row, ...] = (),
    **more: Any,
) -> Evidence:
    return Evidence("sync", tuple(changes or happened(1)), tuple(calls), queue, **more)


def kinds(*given: Any, **more: Any) -> list[tuple[str, int]]:
    """What is found, and with which rows; each has a reason and a remedy."""
    about = evidence(*given, **more)
    found = judge(about)
    for finding in found:
        assert finding.kind in KINDS
        assert why(about, finding)
        assert advice(about, finding)
    return [(finding.kind, finding.story.id) for finding in found]


def remedy(about: Evidence) -> str:
    [finding] = judge(about)
    return advice(about, finding)


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param([take(2, 1)], id="taken with clear=1"),
        pytest.param([take(2, 1, process="p"), ending(3, CLEAR, "p")], id="taken and confirmed"),
        pytest.param(
            [
                take(2, 1, process="p", sent=False, fault="drop_connection"),
                reread(3, "p", 1),
                ending(4, CLEAR, "p"),
            ],
            id="read again after a lost answer",
        ),
        pytest.param(
            [take(2, 1, process="p", sent=False, fault="slow"), ending(3, CLEAR, "p")],
            id="confirmed after a lost answer, as the list showed it",
        ),
        pytest.param(
            [take(2, 1, process="p"), ending(3, CLEAR, "p", sent=False, status=None)],
            id="confirmed by a call whose answer was lost",
        ),
        pytest.param(
            [
                take(2, 1, process="p"),
                ending(3, ERROR, "p", message_id=[message(1)]),
                take(4, 1, process="q", error=1),
                ending(5, CLEAR, "q"),
            ],
            id="taken again after a mark as an error",
        ),
    ],
)
def test_nothing_is_found_where_every_row_arrived_or_was_confirmed(calls: list[Call]) -> None:
    assert kinds(calls) == []


@pytest.mark.parametrize(
    ("calls", "words"),
    [
        ([take(2, 1, sent=False, fault="drop_connection")], "clear=0"),
        ([take(2, 1, status=500, fault="INTERNAL_SERVER_ERROR")], "clear=0"),
        (
            [take(2, 1, process="p", sent=False), reread(3, "p", 2, clear=None)],
            "re-read a batch with clear=0",
        ),
        ([ending(2, ERROR, "x", message_id=[message(1)])], "event.offline.error the process_id"),
        ([ending(2, CLEAR, "")], "empty process_id"),
        ([], "clear=0"),
    ],
)
def test_lost_is_what_is_gone_without_an_answer_or_a_confirmation(
    calls: list[Call], words: str
) -> None:
    assert ("lost", 1) in kinds(calls, happened(1, 2) if len(calls) > 1 else None, (row(2),))
    about = evidence(calls, happened(1))
    lost = next(finding for finding in judge(about) if finding.story.id == 1)
    assert words in advice(about, lost)


def test_a_confirmation_of_other_rows_is_none() -> None:
    lost = take(2, 1, 2, process="p", sent=False, fault="drop_connection")

    assert kinds([lost, ending(3, CLEAR, "p", id=[2])], happened(1, 2)) == [("lost", 1)]
    assert kinds([lost, ending(3, CLEAR, "p", message_id=[message(1)])], happened(1, 2)) == [
        ("lost", 2)
    ]
    assert kinds([lost, ending(3, CLEAR, "q")]) == [("lost", 1), ("echoed", 2)]


def test_a_refused_confirmation_is_none() -> None:
    taken = take(2, 1, process="p", sent=False, fault="drop_connection")

    assert kinds([taken, ending(3, CLEAR, "p", status=403)]) == [("lost", 1)]


def test_twice_is_two_answers_without_a_reason_between() -> None:
    about = evidence([take(2, 1, process="p"), reread(3, "p", 1), ending(4, CLEAR, "p")])

    assert [finding.kind for finding in judge(about)] == ["twice"]
    assert "take over another process's batch only" in remedy(about)


def test_a_crash_is_a_reason_to_come_again_a_moment_elsewhere_is_not() -> None:
    calls = [take(2, 1, process="p"), reread(9, "p", 1), ending(10, CLEAR, "p")]

    assert kinds(calls, crashes=(5,)) == []
    assert kinds(calls, crashes=(1, 10)) == [("twice", 1)]


def test_a_confirmation_whose_answer_was_lost_is_a_reason_a_refused_one_is_not() -> None:
    first, again = take(2, 1, process="p"), reread(4, "p", 1)
    end = ending(5, CLEAR, "p")
    lost = ending(3, CLEAR, "p", sent=False, status=None, fault="drop_connection")
    refused = ending(3, CLEAR, "p", status=503, fault="QUERY_LIMIT_EXCEEDED")

    assert kinds([first, lost, again, end]) == []
    assert kinds([first, refused, again, end]) == [("twice", 1)]
    assert "repeat event.offline.clear" in remedy(evidence([first, refused, again, end]))


def test_stuck_is_what_is_reserved_at_the_end() -> None:
    kept = take(2, 1, process="p")
    lost = take(2, 1, process="p", sent=False, fault="drop_connection")
    refused = ending(3, CLEAR, "p", status=503, fault="QUERY_LIMIT_EXCEEDED")
    queue = (row(1, "p"),)

    assert kinds([kept], None, queue) == [("stuck", 1)]
    assert "a reservation never ends" in remedy(evidence([kept], None, queue))
    assert "look at event.offline.list" in remedy(evidence([lost], None, queue))
    assert "look at event.offline.list" in remedy(evidence([kept], None, queue, crashes=(3,)))
    assert "repeat event.offline.clear" in remedy(evidence([kept, refused], None, queue))


def test_left_is_what_never_arrived_since_it_changed() -> None:
    assert kinds([], None, (row(1),)) == [("left", 1)]
    assert kinds([take(2)], None, (row(1, error=True),)) == [("left", 1)]


def test_a_row_that_the_worker_has_given_up_is_no_finding_until_it_changes_again() -> None:
    calls = [take(2, 1, process="p"), ending(3, ERROR, "p", message_id=[message(1)])]
    queue = (row(1, error=True),)

    assert kinds(calls, None, queue) == []
    assert kinds(calls, happened(1, at=(1, 4)), queue) == [("left", 1)]


def test_a_change_that_an_error_row_took_in_is_lost_with_the_answer_to_its_take() -> None:
    calls = [
        take(2, 1, process="p"),
        ending(3, ERROR, "p", message_id=[message(1)]),
        take(5, 1, sent=False, fault="drop_connection", error=1),
    ]

    assert kinds(calls) == []
    assert kinds(calls, happened(1, at=(1, 4))) == [("lost", 1)]


def test_a_free_twin_that_a_mark_absorbs_is_not_lost() -> None:
    calls = [
        take(3, 1, process="p"),
        ending(6, ERROR, "p", message_id=[message(1)]),
        take(7, 1, process="q", error=1),
        ending(8, CLEAR, "q"),
    ]
    changes = [*happened(1), *happened(2, at=(5,), same=1)]

    assert kinds(calls, changes) == []
    foreign = ending(6, ERROR, "x", message_id=[message(1)])
    assert kinds([calls[0], foreign], changes) == [("lost", 2)]
    assert kinds(calls[:2], changes, (row(1, error=True),)) == [("lost", 2)]


def test_why_a_row_was_left_is_told_by_the_calls() -> None:
    queue = (row(1),)
    expired = call(2, GET, status=401, answer={"error": "expired_token"})
    limit = call(2, GET, status=503, answer={"error": "QUERY_LIMIT_EXCEEDED"})
    elsewhere = call(2, GET, caller=SYNC | {"auth_connector": ""})
    failed = (Ended(1, "KeyError: 'events'"),)

    assert "get a new token" in remedy(evidence([expired], None, queue))
    assert "refused with QUERY_LIMIT_EXCEEDED" in remedy(evidence([limit], None, queue))
    assert 'take under auth_connector "sync"' in remedy(evidence([elsewhere], None, queue))
    assert "call event.offline.get" in remedy(evidence([], None, queue))
    assert "KeyError: 'events'" in remedy(evidence([], None, queue, ended=failed))
    assert "error=1" in remedy(evidence([take(2)], None, (row(1, error=True),)))
    assert "go on taking" in remedy(evidence([take(2)], None, queue))


def test_echoed_is_a_row_that_no_change_made_and_names_the_write() -> None:
    own = call(3, "crm.lead.add", caller=SYNC | {"auth_connector": ""})
    about = evidence([take(2, 1), own, take(4, 7)])

    [finding] = judge(about)

    assert (finding.kind, finding.story.id, finding.cause) == ("echoed", 7, own)
    assert 'name auth_connector="sync"' in remedy(about)
    assert "crm.lead.add by the worker" in why(about, finding)


def test_an_echo_by_webhook_is_not_helped_by_a_connector() -> None:
    hook = {"client_id": None, "webhook": 1, "user_id": 1, "auth_connector": ""}
    about = evidence([take(2, 1), call(3, "crm.lead.add", caller=hook), take(4, 7)])

    assert "application's token" in remedy(about)
    bare = Evidence("", about.happened, about.calls, ())
    assert "application's token" in remedy(bare)


def test_an_echo_whose_write_is_unknown_is_an_echo() -> None:
    [finding] = judge(evidence([take(2, 1)], None, (row(7),)))

    assert (finding.kind, finding.cause) == ("echoed", None)
    assert isinstance(finding, Finding)
