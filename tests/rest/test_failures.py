"""What a failure that nobody foresaw becomes (protocol C.3)."""

from __future__ import annotations

import pytest

from mock_bitrix.php.values import ArrayGiven
from mock_bitrix.queue.selection import (
    BadDate,
    Condition,
    InvalidType,
    UnknownOperator,
    Unusable,
)
from mock_bitrix.rest import errors
from mock_bitrix.rest.failures import refusal_of
from mock_bitrix.storage.database import StorageError
from tests.support import TestPortal

CONDITION = Condition("@", "ID", "value")


def test_a_refusal_stays_as_it_is() -> None:
    refusal = errors.NoAuthFound()

    assert refusal_of(refusal) is refusal


def test_a_failing_database_is_an_sql_error(caplog: pytest.LogCaptureFixture) -> None:
    refusal = refusal_of(StorageError("the disk is full"))

    assert (refusal.status, refusal.code, refusal.text) == (500, "ERROR_CORE", "SQL query error!")
    assert "the disk is full" in caplog.text


def test_what_is_unexpected_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    refusal = refusal_of(ZeroDivisionError("our own mistake"))

    assert refusal.body() == {
        "error": "INTERNAL_SERVER_ERROR",
        "error_description": "Internal server error",
    }
    assert "a call failed: ZeroDivisionError" in caplog.text
    assert "our own mistake" not in caplog.text  # it may name a token


@pytest.mark.parametrize("failure", [ArrayGiven("x"), Unusable(CONDITION)])
def test_where_php_breaks_there_is_nothing_to_log(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    assert refusal_of(failure).status == 500
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("failure", "text", "argument"),
    [
        (InvalidType(CONDITION), "The value of an argument '@ID' has an invalid type", "@ID"),
        (UnknownOperator(CONDITION), "Unknown operator `@`", ""),
        (BadDate(CONDITION), "Incorrect date/time: value", None),
    ],
)
def test_a_condition_that_cannot_be_used_says_why(
    failure: Exception, text: str, argument: str | None
) -> None:
    refusal = refusal_of(failure)

    assert (refusal.status, refusal.code) == (400, "ERROR_ARGUMENT")
    assert (refusal.text, refusal.argument) == (text, argument)


def test_a_database_that_fails_in_the_middle_of_a_call_is_answered(
    portal: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StorageError("gone")

    monkeypatch.setattr(portal.server.emulator.directory, "revised", fail)
    answer = portal.admin("profile")
    monkeypatch.undo()

    assert answer.error == (500, "ERROR_CORE", "SQL query error!")
    assert portal.admin("profile").status == 200
