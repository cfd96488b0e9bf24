"""Form fields as PHP reads and writes them (protocol A.4, A.5).

`filter[>ID]=1` is a map with a map inside, `id[]=1&id[]=2` one with a list inside.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from urllib.parse import quote_plus, unquote_to_bytes

from mock_bitrix.php.values import (
    LARGEST,
    SMALLEST,
    Value,
    array_items,
    has_list_keys,
    is_array,
    to_text,
)

DEEPEST = 64
MOST_VARIABLES = 1000

_PAIR = re.compile(rb"[^&]+")
_INDEX = re.compile(r"0|-?[1-9][0-9]{0,18}")
_MANGLED = str.maketrans(" .[", "___")


class _Array(dict[str, "str | _Array"]):
    """A PHP array while its pairs come in; it knows the key that `[]` takes next."""

    next_index: int | None = None

    def put(self, key: str | None, item: "str | _Array") -> None:
        """Store under the key, or at the end; an array that holds the last index has no end."""
        index = self._end() if key is None else index_of(key)
        if index is not None:
            if index > LARGEST:
                return
            last = -1 if self.next_index is None and index >= 0 else self.next_index
            self.next_index = index + 1 if last is None else max(last, index + 1)
        self[str(index) if key is None else key] = item

    def inner(self, key: str | None) -> "_Array":
        """The array under the key; a new one takes the place of anything else."""
        found = None if key is None else self.get(key)
        if isinstance(found, _Array):
            return found
        created = _Array()
        self.put(key, created)
        return created

    def settled(self) -> Value:
        """The same in the form of as_array."""
        shown: dict[str, Value] = {
            key: item.settled() if isinstance(item, _Array) else item for key, item in self.items()
        }
        return list(shown.values()) if has_list_keys(shown) else shown

    def _end(self) -> int:
        return 0 if self.next_index is None else self.next_index


def parse(query: str | bytes, *, max_variables: int = MOST_VARIABLES) -> dict[str, Value]:
    """The variables of a query string or form body, as PHP's parse_str makes them. Never raises.

    Leaves are texts, arrays have the form of as_array, the outermost is always a map. Broken UTF-8
    becomes U+FFFD. Pairs beyond `max_variables` are dropped, as PHP drops them.
    """
    raw = query.encode("utf-8", "replace") if isinstance(query, str) else query
    return fold_pairs(_pairs(raw), max_variables=max_variables)


def _pairs(raw: bytes) -> Iterator[tuple[str, str]]:
    for match in _PAIR.finditer(raw):
        name, _, value = match[0].partition(b"=")
        yield _decoded(name), _decoded(value)


def _decoded(part: bytes) -> str:
    if b"+" in part:
        part = part.replace(b"+", b" ")
    if b"%" in part:
        part = unquote_to_bytes(part)
    return part.decode("utf-8", "replace")


def fold_pairs(
    pairs: Iterable[tuple[str, str]], *, max_variables: int = MOST_VARIABLES
) -> dict[str, Value]:
    """The variables of decoded pairs, such as the fields of a multipart form; see parse."""
    variables: dict[str, str | _Array] = {}
    for name, value in islice(pairs, max_variables):
        if name.isidentifier():
            variables[name] = value
        else:
            _put(variables, name, value)
    return {
        name: item.settled() if isinstance(item, _Array) else item
        for name, item in variables.items()
    }


def _put(variables: dict[str, str | _Array], name: str, value: str) -> None:
    # PHP reads a name as a C string: it ends at the first NUL.
    root, bracket, rest = name.partition("\0")[0].lstrip(" ").partition("[")
    root = root.translate(_MANGLED)
    if not root:
        return
    keys = _keys(rest)
    if not bracket:
        variables[root] = value
    elif not keys:
        variables[f"{root}_{rest.translate(_MANGLED)}"] = value
    elif len(keys) > DEEPEST:
        variables.pop(root, None)
    else:
        _put_deep(variables, root, keys, value)


def _keys(rest: str) -> list[str | None]:
    """Keys of what follows the first bracket, None for `[]`; empty if no bracket ever closes."""
    keys: list[str | None] = []
    start = 0
    while (end := rest.find("]", start)) >= 0:
        key = rest[start:end]
        keys.append(None if key in {"", " ", "\t", "\n", "\r", "\v", "\f"} else key)
        if rest[end + 1 : end + 2] != "[":
            return keys
        start = end + 2
        if len(keys) == DEEPEST:
            return [*keys, None]
    return keys


def _put_deep(
    variables: dict[str, str | _Array], root: str, keys: list[str | None], value: str
) -> None:
    found = variables.get(root)
    if not isinstance(found, _Array):
        variables[root] = found = _Array()
    for key in keys[:-1]:
        found = found.inner(key)
    found.put(keys[-1], value)


def index_of(key: str) -> int | None:
    """The number that PHP makes of an array key such as "7"; None for "07" or "x"."""
    if not key[-1:].isdigit() or not _INDEX.fullmatch(key):
        return None
    index = int(key)
    return index if SMALLEST <= index <= LARGEST else None


def merge(query: Mapping[str, Value], form: Mapping[str, Value]) -> dict[str, Value]:
    """Form over query (protocol A.4 step 2): names of the form win, numbers are counted anew."""
    merged: dict[str, Value] = {}
    count = 0
    for source in (query, form):
        for name, value in source.items():
            if index_of(name) is None:
                merged[name] = value
            else:
                merged[str(count)] = value
                count += 1
    return merged


def overlay(query: Mapping[str, Value], body: Value) -> dict[str, Value]:
    """A decoded JSON body over the query (protocol A.4 step 3), outermost keys only.

    A body that is no array counts as empty. Values are taken as they are: give the body to
    as_array first.
    """
    if isinstance(body, (list, dict)):
        return {**query, **dict(array_items(body))}
    return dict(query)


def build(value: Mapping[str, object]) -> str:
    """The form body of a map, as PHP's http_build_query writes it.

    True is 1, false 0; null and empty arrays leave no trace.
    """
    pairs: list[str] = []
    for key, item in value.items():
        _build(quoted(str(key)), item, pairs)
    return "&".join(pairs)


def _build(name: str, item: object, pairs: list[str]) -> None:
    if item is None:
        return
    if not is_array(item):
        pairs.append(f"{name}={'0' if item is False else quoted(to_text(item))}")
        return
    for key, inner in array_items(item):
        _build(f"{name}%5B{quoted(str(key))}%5D", inner, pairs)


def quoted(text: str) -> str:
    """The text percent-encoded as PHP's urlencode does it: a space is `+`, `~` is `%7E`."""
    return quote_plus(text, errors="replace").replace("~", "%7E")
