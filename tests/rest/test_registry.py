"""Methods by their names on the wire, and how parameters are read (protocol A.2, A.6)."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from mock_bitrix.rest import documented, methods, registry
from mock_bitrix.rest.registry import Parameters, method
from mock_bitrix.rest.types import Text

QUEUE = ["event.offline.get", "event.offline.list", "event.offline.clear", "event.offline.error"]
HELPERS = [
    "event.bind",
    "event.unbind",
    "event.get",
    "events",
    "event.test",
    "feature.get",
    "methods",
    "method.get",
    "scope",
    "server.time",
    "app.info",
    "profile",
    "user.current",
    "user.admin",
    "app.option.get",
    "app.option.set",
    "user.option.get",
    "user.option.set",
    "batch",
]


class Exact(Parameters):
    """Names with case."""

    folds = False
    name: Text = ""


class Folded(Parameters):
    """Names without case."""

    name: Text = ""


def test_the_queue_and_its_helpers_are_there() -> None:
    assert methods.__all__
    for name in (*QUEUE, *HELPERS):
        found = registry.find(name)
        assert found is not None
        assert found.name == name


def test_every_method_that_is_answered_is_a_documented_one() -> None:
    assert [each.name for each in registry.every() if not documented.exists(each.name)] == []


def test_a_method_is_found_in_whatever_case() -> None:
    assert registry.find("EVENT.Offline.GET") is registry.find("event.offline.get")
    assert registry.find("no.such.method") is None
    assert registry.find("") is None


def test_a_method_is_registered_once() -> None:
    with pytest.raises(AssertionError, match="registered twice"):
        method("Profile")(lambda call, given: None)


def test_null_counts_as_absent_and_what_is_unknown_is_ignored() -> None:
    assert Folded.read({"name": None, "other": 1}).name == ""


def test_a_name_is_folded_unless_the_method_says_otherwise() -> None:
    assert Folded.read({"NaMe": 5}).name == "5"
    assert Exact.read({"NaMe": 5}).name == ""
    assert Exact.read({"name": 5}).name == "5"


def test_a_method_says_what_it_does() -> None:
    assert [each.name for each in registry.every() if not each.summary] == []


def test_each_file_of_methods_is_registered_now_or_later() -> None:
    files = {path.stem for path in Path(methods.__file__).parent.glob("*.py")} - {"__init__"}

    assert files == {*methods.__all__, *methods.LATER} - {"batch"}


SLOW = """
import time
from mock_bitrix.rest.registry import method

@method("x.slow")
def slow(call, wanted):
    return whole

time.sleep(0.3)
whole = True
"""


def test_a_method_is_found_only_when_its_module_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.every()
    (tmp_path / "slow_methods.py").write_text(SLOW)
    monkeypatch.syspath_prepend(tmp_path)
    registry.later(["slow_methods"])

    other = threading.Thread(target=registry.find, args=["x.none"])
    other.start()
    while "x.slow" not in registry._METHODS:
        time.sleep(0.001)
    found = registry.find("x.slow")

    assert found is not None
    assert sys.modules["slow_methods"].whole is True
    other.join()
    del registry._METHODS["x.slow"]
