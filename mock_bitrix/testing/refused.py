"""A REST call that the portal refused."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The portal refused a REST call: `status`, `code`, `text`; `answer` is all that it said."""

    def __init__(self, method: str, status: int, answer: Any) -> None:
        told = answer if isinstance(answer, dict) else {}
        self.method = method
        self.status = status
        self.answer = answer
        self.code = str(told.get("error", ""))
        self.text = str(told.get("error_description", ""))
        said = f"{self.code}: {self.text}" if told else str(answer)[:200]
        super().__init__(f"{method}: {status} {said}")
