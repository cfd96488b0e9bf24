"""JSON as the portal reads and writes it (protocol C.5), at the speed of orjson.

What is written goes through two steps: *plain* JSON, compact and with PHP's arrays and numbers,
then one pass over the whole output that escapes what PHP escapes. Text that is already plain
(a column of the database) joins a larger value as a fragment, so it is never decoded on its way.
"""

import codecs
import re
from json.encoder import encode_basestring_ascii
from math import isfinite
from typing import cast

import orjson

from mock_bitrix.php.values import LARGEST, SMALLEST, Value, float_text, has_list_keys

Encoded = orjson.Fragment

DEEPEST = 511
# orjson writes at most 254 levels at once; deeper ones join as fragments.
_LEVELS_AT_ONCE = 200

_LONG_NUMBER = re.compile(rb"[0-9]{19}")
# What PHP writes otherwise than orjson: arrays, floats without a fraction, tiny and huge floats.
_ODD = (b"{}", b'{"0":', b".0,", b".0}", b".0]", b"0.0000")
_EXPONENT = re.compile(rb"[0-9]e[+-][0-9]+(?:[,}\]]|$)")


def decode(body: bytes) -> Value:
    """What PHP's json_decode makes of a body: maps, lists and scalars.

    Arrays stay as they were written; as_array gives them PHP's form. Whole numbers beyond 64 bits
    become floats. Raises ValueError for malformed JSON, broken UTF-8 and nesting that is too deep.
    """
    value = cast("Value", orjson.loads(body))
    if body.count(b"[") + body.count(b"{") > DEEPEST and _depth(value) > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST}")
    return _with_floats(value) if _LONG_NUMBER.search(body) else value


def _depth(value: Value) -> int:
    """How many arrays stand in each other at the deepest place."""
    depth = 0
    level = [value] if isinstance(value, (list, dict)) else []
    while level:
        depth += 1
        inner = [item for array in level for item in _items(array)]
        level = [item for item in inner if isinstance(item, (list, dict))]
    return depth


def _items(array: list[Value] | dict[str, Value]) -> list[Value]:
    return list(array.values()) if isinstance(array, dict) else array


def _with_floats(value: Value) -> Value:
    """The value with whole numbers beyond 64 bits as floats, as PHP reads them."""
    if isinstance(value, int):
        return value if SMALLEST <= value <= LARGEST else float(value)
    if isinstance(value, dict):
        for key, item in value.items():
            value[key] = _with_floats(item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            value[index] = _with_floats(item)
    return value


def encode(value: object) -> bytes:
    """The portal's JSON of a value: ASCII only, compact.

    Takes None, bool, int, float, str, lists, tuples, maps with text keys, and fragments. Infinite
    numbers become null, half surrogates `?`. Raises TypeError for anything else.
    """
    return escape(_plain(value))


def plain(value: object) -> str:
    """The unescaped JSON of a value, for storage; fragment() puts it into a larger value."""
    return _plain(value).decode()


def fragment(plain_text: str | bytes) -> orjson.Fragment:
    """A part of a value whose JSON is known already, as plain() gave it."""
    return Encoded(plain_text)


def unfolded(value: object) -> Value:
    """The value with its fragments decoded, for those who have to look inside."""
    return cast("Value", orjson.loads(_plain(value)))


def escape(plain_json: bytes) -> bytes:
    """Plain JSON with everything escaped that the portal escapes. Twice is once too often."""
    # A raw NUL can't occur in JSON, so it holds the place of an escaped backslash.
    out = plain_json.replace(b"\\\\", b"\0").replace(b'\\"', b"\\u0022").replace(b"\0", b"\\\\")
    out = out.replace(b"/", b"\\/").replace(b"<", b"\\u003C").replace(b">", b"\\u003E")
    out = out.replace(b"&", b"\\u0026").replace(b"'", b"\\u0027")
    return out if out.isascii() else out.decode().encode("ascii", "mock_bitrix_json")


def _ascii_escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return encode_basestring_ascii(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error("mock_bitrix_json", _ascii_escape)


def _plain(value: object) -> bytes:
    """Most values need no walk: what PHP writes otherwise is searched for in the output."""
    try:
        out = orjson.dumps(value)
    except TypeError:
        return orjson.dumps(normalised(value))
    return orjson.dumps(normalised(value)) if _looks_odd(out) else out


def _looks_odd(out: bytes) -> bool:
    """Whether PHP may write this otherwise; a text that looks like it costs time, nothing else."""
    for odd in _ODD:
        if odd in out:
            return True
    if b"e-" in out or b"e+" in out:
        return _EXPONENT.search(out) is not None
    return out.endswith(b".0")


def normalised(value: object, depth: int = 1) -> object:
    """The value with PHP's arrays (as_array) and numbers, ready for orjson; fragments stay."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return _shown_float(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if SMALLEST <= value <= LARGEST else _shown_float(float(value))
    if isinstance(value, dict):
        return _cut(_normalised_map(value, depth), depth)
    if isinstance(value, (list, tuple)) and not isinstance(value, Encoded):
        items: list[object] = []
        for item in value:
            items.append(normalised(item, depth + 1))  # noqa: PERF401 (one frame a level)
        return _cut(items, depth)
    return value


def _normalised_map(value: dict[str, object], depth: int) -> object:
    shown: dict[str, object] = {}
    for key, item in value.items():
        shown[str(normalised(key))] = normalised(item, depth + 1)
    return list(shown.values()) if has_list_keys(shown) else shown


def _cut(array: object, depth: int) -> object:
    return array if depth % _LEVELS_AT_ONCE else Encoded(orjson.dumps(array))


def _shown_float(number: float) -> object:
    """A float as PHP's json_encode writes it: 10.0 is 10, 1e25 is 1.0e+25."""
    return Encoded(float_text(number, 17).lower()) if isfinite(number) else None
