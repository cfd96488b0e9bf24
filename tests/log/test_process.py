"""What loggers say goes to the log, without the values in it."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mock_bitrix.log.log import Log
from mock_bitrix.log.process import Complaints

SECRET = "s3cr3t"


@pytest.fixture
def told(tmp_path: Path) -> Callable[[logging.LogRecord], list[dict[str, str]]]:
    """What the log has of a record."""

    def told(record: logging.LogRecord) -> list[dict[str, str]]:
        descriptor = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
        log = Log(descriptor, "json", quiet=True)
        log.start()
        Complaints(log).handle(record)
        log.stop()
        os.close(descriptor)
        return [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]

    return told


def record(
    name: str, text: str, *values: object, failure: Exception | None = None
) -> logging.LogRecord:
    caught = (type(failure), failure, None) if failure else None
    return logging.LogRecord(name, logging.ERROR, __file__, 1, text, values, caught)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (record("mock_bitrix.tls", "%s is foreign", "a.test"), "a.test is foreign"),
        (record("uvicorn.error", "Unsupported upgrade request."), "Unsupported upgrade request."),
        (record("asyncio", f"Task failed\nfuture: <Task {SECRET}>"), "Task failed"),
        (record("asyncio", f"Exception in callback f('{SECRET}')"), "Exception in callback f"),
        (record("library", "can't use %s", SECRET), "can't use"),
        (record("library", "failed: %s", SECRET), "failed"),
        (record("uvicorn", "Failed\n", failure=ValueError(SECRET)), "Failed: ValueError"),
    ],
)
def test_values_of_other_libraries_are_not_shown(
    told: Callable[[logging.LogRecord], list[dict[str, str]]],
    said: logging.LogRecord,
    message: str,
) -> None:
    (shown,) = told(said)

    assert shown["message"] == message
    assert (shown["level"], shown["source"]) == ("error", said.name)
