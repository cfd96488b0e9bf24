"""Calling a running server, whatever way its address and this machine's settings are."""

from __future__ import annotations

import json
import os
import ssl
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from mock_bitrix.settings import SettingError
from mock_bitrix.tls.files import authority_file

PATIENCE = 10.0
KEY = "X-Mock-Bitrix-Key"


def fetch(url: str, path: str) -> Any:
    """What the server at `url` answers to GET, from JSON. Raises `SettingError`."""
    request = Request(url.rstrip("/") + path)
    key = os.environ.get("MOCK_BITRIX_CONTROL_KEY")
    if key:
        request.add_header(KEY, key)
    try:
        with _opener(url).open(request, timeout=PATIENCE) as answer:
            return json.load(answer)
    except HTTPError as error:
        with error:
            problem = error.read(1000).decode("utf-8", "replace").strip()
        raise SettingError(f"{url}{path}: {error.code} {problem}") from error
    except (OSError, ValueError) as error:
        raise SettingError(f"no mock-bitrix answers at {url}: {error}") from error


def _opener(url: str) -> Any:
    """Calls directly, though the environment may name a proxy; trusts the user's own authority."""
    handlers: list[Any] = [ProxyHandler({})]
    if url.startswith("https:"):
        context = ssl.create_default_context()
        if authority_file().exists():
            context.load_verify_locations(authority_file())
        handlers.append(HTTPSHandler(context=context))
    return build_opener(*handlers)
