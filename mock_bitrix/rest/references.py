"""References in a batch to earlier answers: `$result[key][field]` (protocol F.9.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mock_bitrix.php.json import unfolded
from mock_bitrix.php.values import Value, array_items, to_text

Answers = Mapping[str, Mapping[str, object]]
"""What earlier calls answered: by kind (`result`, `error`, …), then by the call's key."""

# A reference goes on to the next white space; what follows its brackets says nothing.
_REFERENCE = re.compile(r"\$(result|error|total|next|time)((?:\[[^\[\]\s]*\])+)\S*")
_KEY = re.compile(r"\[([^\]]*)\]")


def resolved(value: Value, answers: Answers) -> Value:
    """The value with its references replaced, those in arrays too.

    A text that is nothing but a reference becomes what it leads to, whatever its type; null if it
    leads nowhere. Inside of a text only texts and numbers take a reference's place.
    """
    if isinstance(value, dict):
        return {key: resolved(item, answers) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, answers) for item in value]
    if not isinstance(value, str) or "$" not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _found(whole, answers)
    return _REFERENCE.sub(lambda reference: _as_text(reference, answers), value)


def _as_text(reference: re.Match[str], answers: Answers) -> str:
    found = _found(reference, answers)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return reference.group()
    return to_text(found)


def _found(reference: re.Match[str], answers: Answers) -> Value:
    """What a reference leads to; where its path goes too far, the last level that there is."""
    first, *further = _KEY.findall(reference[2])
    of_kind = answers[reference[1]]
    if first not in of_kind:
        return None
    found = unfolded(of_kind[first])
    for key in further:
        level = dict(array_items(found)) if isinstance(found, list | dict) else {}
        if key not in level:
            break
        found = level[key]
    return found
