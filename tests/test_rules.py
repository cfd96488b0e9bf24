"""docs/rules.md is the table of what is held here, and by which test: it must stay true."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
RULES = ROOT / "docs" / "rules.md"
SOURCES = ROOT / "mock_bitrix"

NUMBER = re.compile(r"[A-K]\.\d+(\.\d+)*")
# "protocol D.6.2", "protocol B.3, B.4 or B.6", "protocol D.6.3 and D.6.4"
MENTIONED = re.compile(r"[Pp]rotocol ([A-K]\.\d[\d.]*(?:(?:,| and| or| to) [A-K]\.\d[\d.]*)*)")


@dataclass(frozen=True)
class Rule:
    """A row of one of the tables."""

    number: str
    text: str
    source: str
    profile: str
    tests: list[str]


def rules_in(text: str) -> list[Rule]:
    """The rows whose first cell is a rule's number."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    return [
        Rule(row[0], row[1], row[2], row[3], re.findall(r"test_\w+", row[-1]))
        for row in rows
        if len(row) == 5 and NUMBER.fullmatch(row[0])
    ]


def rules() -> list[Rule]:
    return rules_in(RULES.read_text(encoding="utf-8"))


def names_of_tests() -> Iterator[str]:
    """The names of all test functions."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name


def sections_mentioned(text: str) -> Iterator[str]:
    """The sections that comments of a source name."""
    for mention in MENTIONED.finditer(text):
        yield from re.findall(r"[A-K]\.[\d.]*\d", mention[1])


def has_rule(section: str, numbers: set[str]) -> bool:
    """Whether a rule has the section's number, or one below it."""
    return any(number == section or number.startswith(f"{section}.") for number in numbers)


def test_every_rule_names_tests_that_exist() -> None:
    there = set(names_of_tests())

    missing = [
        f"{rule.number}: {', '.join(set(rule.tests) - there) or 'no test'}"
        for rule in rules()
        if not rule.tests or not there.issuperset(rule.tests)
    ]

    assert missing == []


def test_every_rule_has_a_number_of_its_own() -> None:
    counted = Counter(rule.number for rule in rules())

    assert [number for number, count in counted.items() if count > 1] == []


def test_every_rule_stands_in_its_own_section() -> None:
    for part in re.split(r"^## ", RULES.read_text(encoding="utf-8"), flags=re.M)[1:]:
        assert {rule.number[0] for rule in rules_in(part)} <= {part[0]}, part[:40]


def test_every_rule_says_how_sure_it_is_and_where_it_holds() -> None:
    for rule in rules():
        assert set(rule.source.split(", ")) <= set("SDLIO"), rule
        assert rule.profile in {"both", "docs", "cloud"}, rule


def test_every_section_that_the_code_names_has_a_rule() -> None:
    """Parts whose table is still empty are not asked about."""
    numbers = {rule.number for rule in rules()}
    filled = {number[0] for number in numbers}

    homeless = {
        f"{path.relative_to(ROOT)}: {section}"
        for path in SOURCES.rglob("*.py")
        for section in sections_mentioned(path.read_text(encoding="utf-8"))
        if section[0] in filled and not has_rule(section, numbers)
    }

    assert not homeless, "\n".join(sorted(homeless))


def test_every_part_of_what_the_queue_promises_has_a_rule() -> None:
    numbers = {rule.number for rule in rules()}
    parts = {"D": 12, "D.6": 6, "E": 4, "F": 9, "K.3": 26}

    promised = {
        f"{section}.{part}" for section, last in parts.items() for part in range(1, last + 1)
    }

    assert {part for part in promised | {"D.0"} if not has_rule(part, numbers)} == set()


def test_mentions_are_understood() -> None:
    text = (
        "# protocol D.6.2\nThe chain of protocol B.3, B.4 or B.6. Protocol K.2: first. protocol E"
    )

    assert list(sections_mentioned(text)) == ["D.6.2", "B.3", "B.4", "B.6", "K.2"]


def test_a_section_is_held_by_rules_below_it_only() -> None:
    assert has_rule("D.1", {"D.1.1"})
    assert not has_rule("D.1", {"D.11.1", "D.10"})
