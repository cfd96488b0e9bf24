"""A figure with its limit, and how figures are shown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One ratio: the median of its runs, their spread, what it must hold and what it aims at."""

    work: str
    against: str
    ratio: float
    lowest: float
    highest: float
    limit: float
    aim: float
    unit: str = "times"
    at_most: bool = False

    @property
    def holds(self) -> bool:
        """Whether the limit holds."""
        return self.ratio <= self.limit if self.at_most else self.ratio >= self.limit

    def row(self) -> str:
        """A row of the table in the documentation."""
        sign = "≤" if self.at_most else "≥"
        spread = f"{self.lowest:.2f} to {self.highest:.2f}"
        mark = "" if self.holds else " **missed**"
        return (
            f"| {self.work} | {self.against} | {self.ratio:.2f} {self.unit}{mark} | {spread} "
            f"| {sign} {self.limit:g} | {sign} {self.aim:g} |"
        )


HEAD = "| work | against | measured | spread | must hold | aim |\n" + "| --- " * 6 + "|"


def figure(
    work: str, against: str, ratios: Sequence[float], limit: float, aim: float, **more: object
) -> Figure:
    """A figure from the ratios of several runs."""
    return Figure(
        work,
        against,
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        limit,
        aim,
        **more,  # type: ignore[arg-type]  # fields of Figure, by name
    )


def table(figures: Sequence[Figure]) -> str:
    """All figures as a Markdown table."""
    return "\n".join([HEAD, *(each.row() for each in figures)])


def as_data(figures: Sequence[Figure]) -> list[dict[str, object]]:
    """All figures as plain data."""
    return [{**asdict(each), "holds": each.holds} for each in figures]
