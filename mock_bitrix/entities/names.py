"""The two spellings of a field's name: STAGE_ID in older methods, stageId in newer ones."""

from __future__ import annotations

import re
from functools import lru_cache

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-zA-Z])(?=[0-9])")


@lru_cache(maxsize=4096)
def upper(name: str) -> str:
    """`parentId1220` as PARENT_ID_1220; a name in upper case stays as it is."""
    if name.isupper():
        return name
    head, bar, tail = name.partition("_")
    return _HUMP.sub("_", head).upper() + bar + tail.upper()


@lru_cache(maxsize=4096)
def camel(name: str) -> str:
    """PARENT_ID_1220 as `parentId1220`, UF_CRM_2_17 as `ufCrm2_17`."""
    first, *rest = name.split("_")
    if first == "UF" and len(rest) > 1 and rest[-1][:1].isdigit():
        return _joined(first, rest[:-1]) + "_" + rest[-1]
    return _joined(first, rest)


def _joined(first: str, rest: list[str]) -> str:
    return first.lower() + "".join(part.capitalize() for part in rest)
