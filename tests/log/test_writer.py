"""Nobody waits for whoever reads the log."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from mock_bitrix.log import writer
from mock_bitrix.log.writer import Writer

LINE = "x" * 999


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The ends of a pipe: to read, to write."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def read_all(descriptor: int) -> list[str]:
    os.set_blocking(descriptor, False)
    text = b""
    while True:
        try:
            text += os.read(descriptor, 65536)
        except BlockingIOError:
            return text.decode().splitlines()


def test_what_is_put_is_written_in_order_before_the_end(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    log = Writer[int](writing, str)
    log.start()
    for number in range(1000):
        log.put(number)
    log.stop()

    assert read_all(reading) == [str(number) for number in range(1000)]


def test_flush_waits_for_what_was_put(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    log = Writer[str](writing, str)
    log.start()
    log.put("a")
    log.flush()

    assert read_all(reading) == ["a"]
    log.stop()


def test_a_reader_that_sleeps_holds_up_nobody_and_costs_lines(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    log = Writer[str](writing, str)
    log.start()
    begun = time.perf_counter()
    for _ in range(4 * writer.MOST_WAITING):
        log.put(LINE)
    took = time.perf_counter() - begun

    assert took < 2
    assert log.dropped > 0
    assert len(log._waiting) <= writer.MOST_WAITING
    begun = time.perf_counter()
    log.stop()
    assert time.perf_counter() - begun < 2 * writer.FAREWELL
    while log._thread.is_alive():  # so that the thread ends with the test
        read_all(reading)
        time.sleep(0.01)


def test_a_reader_that_went_away_ends_the_log_and_nothing_else() -> None:
    reading, writing = os.pipe()
    log = Writer[str](writing, str)
    log.start()
    os.close(reading)
    log.put("a")
    log._thread.join(5)

    assert not log._thread.is_alive()
    log.put("b")
    log.stop()
    os.close(writing)


def test_pieces_are_whole_lines_that_stay_together(pipe: tuple[int, int]) -> None:
    log = Writer[str](pipe[1], str)
    for _ in range(10):
        log.put(LINE)

    pieces = list(log._pieces())

    assert [len(piece) for piece in pieces] == [4000, 4000, 2000]
