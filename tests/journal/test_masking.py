"""Secrets are hidden by their name and by their value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_bitrix.journal.masking import Known, hide, masked, masked_text

SECRET = "abcdefghijkl"


@pytest.mark.parametrize(
    "value",
    [
        {"auth": SECRET},
        {"AUTH": SECRET},
        {"a": [{"refresh_token": SECRET}]},
        {"cmd": {"a": f"profile?auth={SECRET}"}},
        {"cmd": [f"profile?x=1&access_token={SECRET}&y=2"]},
        {f'{{"auth":"{SECRET}"}}': ""},
        {"q": f"a[client_secret]={SECRET}"},
        {"q": f"auth%3D{SECRET}"},
        {"url": f"http://host/rest/1/{SECRET}/profile"},
    ],
)
def test_what_stands_under_a_secrets_name_is_hidden(value: object) -> None:
    assert SECRET not in str(masked(value))


def test_everything_else_stays() -> None:
    value = {"limit": 5, "filter": {"=EVENT_NAME": "ONCRMLEADADD"}, "list": [None, True, "a=b"]}

    assert masked(value) == value
    assert masked_text("http://127.0.0.1/rest/profile") == "http://127.0.0.1/rest/profile"


def test_of_a_long_secret_the_beginning_stays() -> None:
    assert hide(SECRET) == "abcd…"
    assert hide("short") == "…"


@given(st.text("abc.", min_size=8, max_size=12), st.text("abc. ", max_size=20))
def test_known_secrets_are_hidden_wherever_they_stand(secret: str, around: str) -> None:
    text = f"{around}{secret}{around}".encode()

    assert secret.encode() not in Known([secret]).masked(text).replace("…".encode(), b"|")


def test_a_secret_within_another_hides_the_longer_one_first() -> None:
    known = Known(["12345678", "1234567890"])

    assert known.masked(b"x1234567890x") == "x1234…x".encode()


def test_short_secrets_are_not_looked_for() -> None:
    assert Known(["a"]).masked(b"a cat") == b"a cat"
