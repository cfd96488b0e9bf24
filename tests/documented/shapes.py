"""Whether an answer has the shape that the documentation shows: keys, their order, JSON types."""

import re
from collections.abc import Iterator
from typing import Any, Literal

Profile = Literal["docs", "cloud"]

# The documented samples come from different years; what `time` holds today, the profile says
# (protocol C.2). JSON doesn't tell a fraction that happens to be whole from a whole number.
TIMES: dict[Profile, dict[str, str]] = {
    "docs": {
        "start": "fraction",
        "finish": "fraction",
        "duration": "fraction",
        "processing": "fraction",
        "date_start": "string",
        "date_finish": "string",
        "operating": "number",
    },
    "cloud": {
        "start": "whole",
        "finish": "fraction",
        "duration": "fraction",
        "processing": "whole",
        "date_start": "string",
        "date_finish": "string",
        "operating_reset_at": "whole",
        "operating": "number",
    },
}
_TIME = re.compile(r"\$\.time|\$\.result\.result_time(\.[^.\[\]]+|\[\d+\])")


def assert_same_shape(documented: Any, answered: Any, profile: Profile = "docs") -> None:
    """Fail, naming each path that differs, unless both have the same keys in order and JSON types.

    An element of a list must have the shape of some documented element; a list that is documented
    with elements may not be empty, nor one that is documented empty have any. `time` has the keys
    and numbers of the profile instead of the sample's.
    """
    found = list(_differences("$", documented, answered, profile))
    if found:
        raise AssertionError("\n".join(found))


def _differences(path: str, documented: Any, answered: Any, profile: Profile) -> Iterator[str]:
    if _TIME.fullmatch(path):
        yield from _time_differences(path, answered, profile)
    elif json_type(documented) != json_type(answered):
        yield f"{path}: documented {_shown(documented)}, answered {_shown(answered)}"
    elif isinstance(documented, dict):
        yield from _object_differences(path, documented, answered, profile)
    elif isinstance(documented, list):
        yield from _list_differences(path, documented, answered, profile)


def _object_differences(
    path: str, documented: dict[str, Any], answered: dict[str, Any], profile: Profile
) -> Iterator[str]:
    if list(documented) != list(answered):
        yield f"{path}: documented keys {list(documented)}, answered {list(answered)}"
    for key in (key for key in documented if key in answered):
        yield from _differences(f"{path}.{key}", documented[key], answered[key], profile)


def _list_differences(
    path: str, documented: list[Any], answered: list[Any], profile: Profile
) -> Iterator[str]:
    if bool(documented) != bool(answered):
        yield f"{path}: documented {len(documented)} elements, answered {len(answered)}"
        return
    for index, element in enumerate(answered):
        place = f"{path}[{index}]"
        alike = [sample for sample in documented if _keys(sample) == _keys(element)]
        samples = alike or documented
        tries = [list(_differences(place, sample, element, profile)) for sample in samples]
        yield from min(tries, key=len)


def _keys(value: Any) -> list[str] | None:
    return list(value) if isinstance(value, dict) else None


def _time_differences(path: str, answered: Any, profile: Profile) -> Iterator[str]:
    expected = TIMES[profile]
    if not isinstance(answered, dict):
        yield f"{path}: documented object, answered {_shown(answered)}"
        return
    if list(answered) != list(expected):
        yield f"{path}: profile {profile} has keys {list(expected)}, answered {list(answered)}"
    for key in (key for key in expected if key in answered):
        if not _is_kind(expected[key], answered[key]):
            yield f"{path}.{key}: profile {profile} has {expected[key]}, {_shown(answered[key])}"


def _is_kind(kind: str, value: Any) -> bool:
    if kind == "whole":
        return type(value) is int
    return json_type(value) == ("number" if kind == "fraction" else kind)


def json_type(value: Any) -> str:
    """The name of a value's type in JSON; a whole number and a fraction are both numbers."""
    if value is None:
        return "null"
    names = {bool: "boolean", str: "string", list: "list", dict: "object"}
    return names.get(type(value), "number")


def _shown(value: Any) -> str:
    return f"{json_type(value)} {value!r:.60}"
