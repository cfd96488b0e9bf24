"""The XML form of an answer (protocol C.6)."""

import re
from html import escape

from mock_bitrix.php.json import Encoded, unfolded
from mock_bitrix.php.values import to_text

_ELEMENT_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def encode(value: object) -> bytes:
    """The value as one `<response>` element, UTF-8, without a prolog.

    True is 1, false and null are empty elements, list elements are `<item>`. A key that is no
    element name becomes `<item key="...">`, so the document stays well-formed. Characters that XML
    forbids are dropped.
    """
    parts: list[str] = []
    _write("response", value, parts)
    return "".join(parts).encode()


def _write(name: str, value: object, parts: list[str]) -> None:
    if isinstance(value, Encoded):
        value = unfolded(value)
    parts.append(f"<{name}>")
    if isinstance(value, dict):
        for key, item in value.items():
            _write(_element(key), item, parts)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _write("item", item, parts)
    else:
        parts.append(_text(to_text(value)))
    parts.append(f"</{name.partition(' ')[0]}>")


def _element(key: str) -> str:
    if _ELEMENT_NAME.fullmatch(key):
        return key
    return "item" if key.isdecimal() else f'item key="{_text(key)}"'


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))
