"""A portal's clock and its faults, as a test moves them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from mock_bitrix.testing.control import PortalControl

TAKE = "event.offline.get"


class Clock:
    """The portal's one clock: for tokens, timestamps, throttles, retention and limits."""

    def __init__(self, control: PortalControl) -> None:
        self._control = control

    @property
    def now(self) -> datetime:
        """The portal's time."""
        return datetime.fromisoformat(self._control.clock()["now"])

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return bool(self._control.clock()["frozen"])

    def advance(self, by: float | timedelta) -> None:
        """Move on, by seconds or a timedelta; negative: back."""
        self._control.advance(by.total_seconds() if isinstance(by, timedelta) else by)

    def freeze(self, at: datetime | str | None = None) -> None:
        """Stand still: at that time (with its offset), or now."""
        self._control.freeze(at)

    def resume(self) -> None:
        """Run on from where it stands."""
        self._control.resume()


class Faults:
    """What is to go wrong in the portal. `times` None: until it is taken back."""

    def __init__(self, control: PortalControl) -> None:
        self._control = control

    def lose_answer(self, method: str = TAKE, times: int | None = 1) -> None:
        """The method does its work, but its answer never arrives: the connection breaks."""
        self._add("drop_connection", method, times, when="after")

    def drop_connection(self, method: str = "*", times: int | None = 1) -> None:
        """The connection breaks before anything happened."""
        self._add("drop_connection", method, times)

    def malformed_body(self, method: str = "*", times: int | None = 1) -> None:
        """The method does its work; of its answer, half arrives."""
        self._add("malformed_body", method, times, when="after")

    def html_error_page(self, method: str = "*", times: int | None = 1) -> None:
        """A proxy answers 502 with a page, before anything happened."""
        self._add("html_error_page", method, times)

    def slow(self, method: str = "*", seconds: float = 1.0, times: int | None = None) -> None:
        """Calls wait for so many seconds of real time before they do anything."""
        self._add("slow", method, times, delay=seconds)

    def fail(
        self,
        code: str,
        method: str = "*",
        times: int | None = 1,
        *,
        probability: float = 1.0,
        when: Literal["before", "after"] = "before",
    ) -> None:
        """Calls are refused with a code of the portal's error table: QUERY_LIMIT_EXCEEDED …."""
        self._add(code, method, times, probability=probability, when=when)

    def clear(self) -> None:
        """Take all faults back."""
        self._control.clear_faults()

    def all(self) -> list[dict[str, Any]]:
        """Every fault that was ordered; `struck` says how often it has struck."""
        return self._control.faults()

    def _add(self, fault: str, method: str, times: int | None, **more: Any) -> None:
        self._control.add_fault(fault, method, times=times, **more)
