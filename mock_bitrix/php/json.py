"""JSON as the portal reads and writes it (protocol C.5), at the speed of orjson.

What is written goes through two steps: *plain* JSON, compact and with PHP's arrays and numbers,
then one pass over the whole output that escapes what PHP escapes. Text that is already plain
(a column of the database) joins a larger value as a fragment, so it is never decoded on its way.
"""

import codecs
import re
from collections.abc import Iterable
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
# Types that orjson writes as PHP does, whatever their value.
_PLAIN_TYPES = frozenset({str, int, bool, type(None), Encoded})


class TooDeep(ValueError):
    """JSON that is well-formed, as far as can be seen, but nested deeper than PHP reads."""


def decode(body: bytes) -> Value:
    """What PHP's json_decode makes of a body: maps, lists and scalars.

    Arrays stay as they were written; as_array gives them PHP's form. Whole numbers beyond 64 bits
    become floats. Raises ValueError for malformed JSON and broken UTF-8, TooDeep for deep nesting.
    """
    value = _loaded(body)
    if len(body) > DEEPEST and body.count(b"[") + body.count(b"{") > DEEPEST < _depth(value):
        raise TooDeep(f"nested deeper than {DEEPEST}")
    return _with_floats(value) if _LONG_NUMBER.search(body) else value


def _loaded(body: bytes) -> Value:
    try:
        return cast("Value", orjson.loads(body))
    except orjson.JSONDecodeError as error:
        if error.msg.startswith("depth limit"):  # orjson's own: 1024
            raise TooDeep(error.msg) from error
        raise


def _depth(value: Value) -> int:
    """How many arrays stand in each other at the deepest place."""
    depth = 0
    level = [value] if isinstance(value, (list, dict)) else []
    while level:
        depth += 1
        level = [item for array in level for item in _arrays(array)]
    return depth


def _arrays(array: list[Value] | dict[str, Value]) -> list[list[Value] | dict[str, Value]]:
    items = array.values() if isinstance(array, dict) else array
    return [item for item in items if isinstance(item, (list, dict))]


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


def kept(value: object) -> str:
    """The JSON of a value as it is, for storage; whole numbers beyond 64 bits become floats."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return orjson.dumps(_with_floats(cast("Value", value))).decode()


def text(value: str) -> str:
    """The unescaped JSON of a text."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a half surrogate
        return plain(value)


def fragment(plain_text: str | bytes) -> orjson.Fragment:
    """A part of a value whose JSON is known already, as plain() gave it."""
    return Encoded(plain_text)


def micro(seconds: float) -> str:
    """The JSON of a time or duration, to the microsecond; much cheaper than that of any float."""
    shown = f"{seconds:.6f}"
    if shown.startswith("0.0000"):
        return _tiny(int(shown[6:]))
    return shown if shown[-1] != "0" else shown.rstrip("0").rstrip(".")


def _tiny(microseconds: int) -> str:
    """PHP writes 52 µs as 5.2e-5, and 7 as 7.0e-6."""
    if microseconds == 0:
        return "0"
    return f"{microseconds / 10}e-5" if microseconds > 9 else f"{microseconds}.0e-6"


def unfolded(value: object) -> Value:
    """The value with its fragments decoded, for those who have to look inside."""
    return cast("Value", orjson.loads(_plain(value)))


def escape(plain_json: bytes) -> bytes:
    """Plain JSON with everything escaped that the portal escapes. Twice is once too often."""
    out = _escape_quotes(plain_json) if plain_json.find(b"\\") >= 0 else plain_json
    out = out.replace(b"/", b"\\/").replace(b"<", b"\\u003C").replace(b">", b"\\u003E")
    out = out.replace(b"&", b"\\u0026").replace(b"'", b"\\u0027")
    return out if out.isascii() else out.decode().encode("ascii", "mock_bitrix_json")


def _escape_quotes(out: bytes) -> bytes:
    # A raw NUL can't occur in JSON, so it holds the place of an escaped backslash.
    out = out.replace(b"\\\\", b"\0").replace(b'\\"', b"\\u0022")
    return out.replace(b"\0", b"\\\\")


def _ascii_escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return encode_basestring_ascii(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error("mock_bitrix_json", _ascii_escape)


def _plain(value: object) -> bytes:
    try:
        out = orjson.dumps(value)
    except TypeError:
        return orjson.dumps(normalised(value))
    # Looking whether the walk is needed costs a tenth of the walk.
    return out if _is_plain(value) else orjson.dumps(normalised(value))


def _is_plain(value: object) -> bool:
    """Whether orjson writes the value as PHP does."""
    items: Iterable[object]
    if isinstance(value, dict):
        if not value or "0" in value:
            return False
        items = value.values()
    elif isinstance(value, list):
        items = value
    elif isinstance(value, float):
        return 1e-4 <= abs(value) < 1e15 and not value.is_integer()
    else:
        return type(value) in _PLAIN_TYPES
    return _PLAIN_TYPES.issuperset(map(type, items)) or all(map(_is_plain, items))


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
            items.append(normalised(item, depth + 1))  # noqa: PERF401  # one frame a level
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
