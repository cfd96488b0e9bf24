"""Answers that go out whole, past the two messages of ASGI."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mock_bitrix.connection import Connection

Headers = list[tuple[bytes, bytes]]


class Cycle(SimpleNamespace):
    """What uvicorn knows of one request, and what was written for it."""

    def __init__(self, **more: Any) -> None:
        self.written: list[bytes] = []
        transport = SimpleNamespace(
            write_whole=self.written.append, close=lambda: self.written.append(b"closed")
        )
        super().__init__(
            default_headers=[(b"date", b"today")],
            scope={"method": more.pop("method", "GET")},
            flow=SimpleNamespace(write_paused=more.pop("write_paused", False)),
            disconnected=more.pop("disconnected", False),
            keep_alive=more.pop("keep_alive", True),
            message_event=SimpleNamespace(set=lambda: None),
            on_response=lambda: None,
            transport=transport,
            response_started=False,
            response_complete=False,
        )

    def answer(self, headers: Headers) -> bool:
        """Answer with a body of two bytes."""
        return Connection._answer(None, self, 200, headers, b"{}")  # type: ignore[arg-type]  # needs none


def test_an_answer_goes_out_in_one_write() -> None:
    cycle = Cycle()

    assert cycle.answer([(b"content-length", b"2")])
    assert cycle.written == [b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 2\r\n\r\n{}"]
    assert cycle.response_complete


def test_the_answer_to_head_has_no_body() -> None:
    cycle = Cycle(method="HEAD")

    assert cycle.answer([(b"content-length", b"2")])
    assert cycle.written[0].endswith(b"content-length: 2\r\n\r\n")


def test_a_connection_that_is_not_kept_is_closed_after_the_answer() -> None:
    cycle = Cycle(keep_alive=False)

    assert cycle.answer([])
    assert cycle.written == [
        b"HTTP/1.1 200 OK\r\ndate: today\r\nconnection: close\r\n\r\n{}",
        b"closed",
    ]


@pytest.mark.parametrize("value", [b"a\r\nx-evil: 1", b"a\nb", b"a\rb", b"a\0b"])
def test_a_header_that_would_end_itself_is_left_to_uvicorn_which_refuses_it(value: bytes) -> None:
    cycle = Cycle()

    assert not cycle.answer([(b"location", value)])
    assert (cycle.written, cycle.response_started) == ([], False)


@pytest.mark.parametrize("hindered", ["write_paused", "disconnected"])
def test_a_client_that_reads_slowly_or_is_gone_is_left_to_uvicorn(hindered: str) -> None:
    cycle = Cycle(**{hindered: True})

    assert not cycle.answer([])
    assert cycle.written == []
