"""docs/README.ru.md says what README.md says: the same commands, tables and links, in order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENGLISH, RUSSIAN = ROOT / "README.md", ROOT / "docs" / "README.ru.md"
PAGES = (ENGLISH, RUSSIAN)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)]+)\)")
CYRILLIC = re.compile("[\u0400-\u04ff]")


def blocks(page: Path) -> list[tuple[str, str]]:
    """The code blocks: language and text."""
    return FENCE.findall(page.read_text(encoding="utf-8"))


def prose(page: Path) -> str:
    """The page without its code blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def sections(page: Path) -> list[str]:
    """The text under each heading, the headings included."""
    return re.split(r"^(?=#)", prose(page), flags=re.MULTILINE)[1:]


def tables(page: Path) -> list[list[list[str]]]:
    """Tables, their rows, their cells."""
    found = re.findall(r"(?:^\|.*\|\n)+", prose(page), re.MULTILINE)
    return [[row.strip("| ").split(" | ") for row in table.splitlines()] for table in found]


HEADINGS = [section.partition("\n")[0] for section in sections(ENGLISH)]


def test_both_have_the_same_code_blocks() -> None:
    assert blocks(RUSSIAN) == blocks(ENGLISH)
    assert len(blocks(ENGLISH)) >= 12


def test_both_have_the_same_headings_but_for_the_language() -> None:
    levels = [[section.split()[0] for section in sections(page)] for page in PAGES]

    assert levels[0] == levels[1]
    for section in sections(RUSSIAN)[1:]:
        assert CYRILLIC.search(section.partition("\n")[0]), section


def test_both_have_the_same_tables() -> None:
    english, russian = tables(ENGLISH), tables(RUSSIAN)

    assert [len(table) for table in russian] == [len(table) for table in english]
    for ours, theirs in zip(russian, english, strict=True):
        for row, other in zip(ours, theirs, strict=True):
            assert len(row) == len(other), row
            assert [CODE.findall(cell) for cell in row] == [CODE.findall(cell) for cell in other]


def test_what_is_no_prose_in_a_table_is_the_same_in_both() -> None:
    """The names of switches, their values, what each profile has."""
    switches = [table for table in tables(ENGLISH) if len(table[0]) == 5]
    shown = [table for table in tables(RUSSIAN) if len(table[0]) == 5]

    assert len(switches) == 1
    for row, other in zip(shown[0][2:], switches[0][2:], strict=True):
        assert row[0] == other[0]
        assert row[2:4] == other[2:4]
        assert row[1] == other[1] or CYRILLIC.search(row[1])


@pytest.mark.parametrize("number", range(len(HEADINGS)), ids=HEADINGS)
def test_a_section_names_the_same_commands_and_options(number: int) -> None:
    ours, theirs = sections(RUSSIAN)[number], sections(ENGLISH)[number]

    assert sorted(CODE.findall(joined(ours))) == sorted(CODE.findall(joined(theirs)))
    assert ours.count("\n- ") == theirs.count("\n- ")
    assert paragraphs(ours) == paragraphs(theirs)


def joined(text: str) -> str:
    """The text without its line breaks: code may go on in the next line."""
    return re.sub(r"\n *", " ", text)


def paragraphs(text: str) -> int:
    without_marks = re.sub(r"<!--.*?-->\n?", "", text)
    return len([part for part in re.split(r"\n\s*\n", without_marks) if part.strip()])


@pytest.mark.parametrize("number", range(len(HEADINGS)), ids=HEADINGS)
def test_a_section_links_to_the_same_pages(number: int) -> None:
    ours = {target(RUSSIAN, link) for link in LINK.findall(sections(RUSSIAN)[number])}
    theirs = {target(ENGLISH, link) for link in LINK.findall(sections(ENGLISH)[number])}

    assert ours - set(PAGES) == theirs - set(PAGES)  # each may link to the other


def target(page: Path, link: str) -> Path | str:
    """What a link leads to."""
    return link if "://" in link else (page.parent / link.partition("#")[0]).resolve()


def test_the_russian_page_is_in_russian() -> None:
    """Each paragraph, item and row that has letters beside code and links."""
    for part in re.split(r"\n\s*\n|\n(?=- |\|)", prose(RUSSIAN)):
        words = re.sub(r"`[^`]+`|<[^>]+>|\([^)]*\)|PowerShell|mock-bitrix|OAuth|Windows", "", part)
        if re.search("[A-Za-z]{3}", words) and "---" not in part:
            assert CYRILLIC.search(words), part
