"""How the house is kept: docstrings, short files, one source of time and one of randomness."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from tests.support import ROOT

HOUSE = ROOT / "mock_bitrix"
TESTS = Path(__file__).parent
ROOMS = sorted(HOUSE.rglob("*.py"))
LONGEST = 400
CLOCKS = {
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.process_time",
    "time.sleep",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.date.today",
}
CHANCE = {"random", "secrets", "uuid"}
SYSTEMS = {"os.urandom"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def name_of(room: Path) -> str:
    return room.relative_to(HOUSE).as_posix()


def rooms(*but: str) -> list[Path]:
    """Every file of the package but these."""
    assert {HOUSE / name for name in but} < set(ROOMS)
    return [room for room in ROOMS if name_of(room) not in but]


@functools.cache
def tree(room: Path) -> ast.Module:
    """What a file says."""
    return ast.parse(room.read_text(encoding="utf-8"))


def public(parent: ast.Module | ast.ClassDef, path: str = "") -> Iterator[tuple[str, Definition]]:
    """Public functions and classes of a file, public methods of public classes."""
    for node in parent.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield path + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node, f"{path}{node.name}.")


def is_overload(node: Definition) -> bool:
    """Whether this is but one of a function's signatures."""
    return any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list)


def test_every_public_function_and_class_has_a_docstring() -> None:
    silent = [
        f"{name_of(room)}:{node.lineno}: {name}"
        for room in ROOMS
        for name, node in public(tree(room))
        if not ast.get_docstring(node) and not is_overload(node)
    ]

    assert silent == []


def test_every_file_that_holds_something_says_what() -> None:
    full = [room for room in ROOMS if tree(room).body]

    assert [name_of(room) for room in full if not ast.get_docstring(tree(room))] == []


def test_no_file_is_over_400_lines() -> None:
    files = [*ROOMS, *TESTS.rglob("*.py")]

    long = {str(file): lines for file in files if (lines := length(file)) > LONGEST}

    assert long == {}


def length(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


@functools.cache
def called(room: Path) -> set[str]:
    """Dotted names of what a file uses."""
    return {
        ast.unparse(node)
        for node in ast.walk(tree(room))
        if isinstance(node, ast.Attribute | ast.Name)
    }


@functools.cache
def imported(room: Path) -> set[str]:
    """Modules that a file imports, and names out of them."""
    found = set()
    for node in ast.walk(tree(room)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_nothing_is_printed_past_the_command_line() -> None:
    assert [name_of(room) for room in ROOMS if "print" in called(room)] == []


def test_only_the_clock_asks_what_time_it_is() -> None:
    asked = {name_of(room): (called(room) | imported(room)) & CLOCKS for room in rooms("clock.py")}

    assert {room: names for room, names in asked.items() if names} == {}


def chance(room: Path) -> set[str]:
    """What a file leaves to chance; it may name `random.Random` as a type, and be given one."""
    calls = {ast.unparse(n.func) for n in ast.walk(tree(room)) if isinstance(n, ast.Call)}
    modules = {name for name in imported(room) if name.partition(".")[0] in CHANCE} - {"random"}
    return {n for n in calls if n.partition(".")[0] in CHANCE} | modules | (called(room) & SYSTEMS)


def test_only_randomness_leaves_something_to_chance() -> None:
    left = {name_of(room): chance(room) for room in rooms("randomness.py")}

    assert {room: names for room, names in left.items() if names} == {}
