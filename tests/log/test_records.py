"""What may be a secret is not in a record."""

from __future__ import annotations

import pytest

from mock_bitrix.log.failures import described, first_words
from mock_bitrix.log.records import moment, shown_handler, shown_method
from mock_bitrix.rest import methods

__all__ = ["methods"]  # which registers them


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("telephony.externalcall.show", "telephony.externalcall.show"),
        ("event.ofline.get", "event.ofline.get"),
        ("demo.admin.token", "demo…"),
        ("0123456789abcdef0123456789abcdef", "0123…"),
        ("secret", "…"),
        ("", ""),
    ],
)
def test_a_method_that_is_none_is_shown_where_it_resembles_one(name: str, shown: str) -> None:
    assert shown_method(name) == shown


@pytest.mark.parametrize(
    ("handler", "shown"),
    [
        ("http://127.0.0.1:9000/hook", "http://127.0.0.1:9000/hook"),
        ("https://a.test", "https://a.test"),
        ("https://user:password1@a.test/hook?key=abc", "https://a.test/hook?…"),
        ("https://a.test/in/0123456789abcdef0123", "https://a.test/in/0123…"),
        ("http://a.test/rest/1/secretsecret/m", "http://a.test/rest/1/secr…/m"),
        ("http://a.test/rest/1/secretsecret", "http://a.test/rest/1/secr…"),
        ("http://[broken", "http…"),
    ],
)
def test_a_handlers_address_is_shown_without_what_may_be_secret(handler: str, shown: str) -> None:
    assert shown_handler(handler) == shown


def fails() -> None:
    try:
        int("the token")
    except ValueError as error:
        raise KeyError("the secret") from error


def test_a_failure_is_described_by_kinds_and_places() -> None:
    with pytest.raises(KeyError) as caught:
        fails()

    shown = described(caught.value)

    assert shown.startswith("KeyError from ValueError at log/test_records.py:")
    assert " fails" in shown
    assert "the " not in shown


def test_a_failure_that_was_never_raised_has_no_place() -> None:
    assert described(KeyError("a")) == "KeyError"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("database is locked", "database is locked"),
        ("UNIQUE constraint failed: tokens.id", "UNIQUE constraint failed: tokens.id"),
        ('duplicate key value "pk"\nDETAIL:  Key (token)=(a) exists.', "duplicate key value"),
        ("invalid input for type integer: 'token'", "invalid input for type integer"),
        ("Exception in callback send([Letter(body='auth')])", "Exception in callback send"),
    ],
)
def test_of_a_message_the_words_before_the_first_value_are_shown(text: str, words: str) -> None:
    assert first_words(text) == words


def test_a_moment_has_milliseconds_and_is_in_utc() -> None:
    assert moment(1795646765.8895) == "2026-11-25T22:46:05.889Z"
