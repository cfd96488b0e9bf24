"""What may be said of a failure: its kind and place. Its message may hold a token or a secret."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from mock_bitrix.journal.masking import masked_text

MOST_FRAMES = 8
LONGEST = 200
_VALUE = re.compile(r"[\"(\[{<%]|'(?!t\b)")  # the apostrophe of "can't" begins no value


def described(failure: BaseException) -> str:
    """The kinds of a failure and of its causes, and where the first one was raised."""
    chain = [failure]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and cause not in chain:
        chain.append(cause)
    kinds = " from ".join(type(each).__name__ for each in chain)
    return (
        " < ".join([f"{kinds} at {places[0]}", *places[1:]])
        if (places := _places(chain[-1]))
        else kinds
    )


def first_words(text: str) -> str:
    """The beginning of a database's or a library's message, up to the first value in it.

    What is quoted or in brackets may be a value, and further lines show whole rows and statements.
    """
    line = text.strip().partition("\n")[0]
    value = _VALUE.search(line)
    words = line[: value.start()].rstrip(" :=") if value else line
    return masked_text(words)[:LONGEST]


def _places(failure: BaseException) -> list[str]:
    """The innermost frames, the last one first."""
    frames = [(f.f_code, line) for f, line in traceback.walk_tb(failure.__traceback__)]
    return [
        f"{'/'.join(Path(code.co_filename).parts[-2:])}:{line} {code.co_name}"
        for code, line in reversed(frames[-MOST_FRAMES:])
    ]
