"""The files of the page, and the script that applications load, put together from its parts."""

from __future__ import annotations

import functools

from mock_bitrix.frame.page import STATIC

_KINDS = {".js": "text/javascript", ".css": "text/css"}

STATIC_FILES = {
    path.name: (path, _KINDS[path.suffix])
    for path in sorted((STATIC / "host").iterdir())
    if path.suffix in _KINDS
}
"""The page's files by name, each with its media type."""

PARTS = ("core", "messages", "rest", "result", "calls", "window", "settings", "tools")
"""Of the script for applications, in their order; they share one scope."""

SCRIPT_HEADERS = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
}


@functools.cache
def script() -> bytes:
    """The script for applications."""
    parts = [(STATIC / "bx24" / f"{name}.js").read_text(encoding="utf-8") for name in PARTS]
    return "\n".join(['(function () {\n"use strict";', *parts, "}());\n"]).encode()
