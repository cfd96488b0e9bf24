"""What the workers here share: calling the portal, with what the environment names."""

from __future__ import annotations

import json
import os
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

CONNECTOR = "sync"
BROKEN = (OSError, HTTPException, ValueError)
"""What a call may raise when its answer doesn't arrive, or not whole."""

_open = build_opener(ProxyHandler({})).open


class Refusal(Exception):
    """The portal answered with an error."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Portal:
    """Calls methods, under the connector unless another is named."""

    def __init__(self) -> None:
        self.token = os.environ["MOCK_BITRIX_ACCESS_TOKEN"]
        self._refresh = os.environ["MOCK_BITRIX_REFRESH_TOKEN"]

    def __call__(self, method: str, *, connector: str = CONNECTOR, **parameters: Any) -> Any:
        return self.answer(method, connector=connector, **parameters)["result"]

    def answer(self, method: str, *, connector: str = CONNECTOR, **parameters: Any) -> Any:
        """The whole answer. Raises `Refusal`, or one of `BROKEN`."""
        given = {**parameters, "auth": self.token}
        if connector:
            given["auth_connector"] = connector
        url = os.environ["MOCK_BITRIX_CLIENT_ENDPOINT"] + method
        request = Request(url, json.dumps(given).encode(), {"Content-Type": "application/json"})
        try:
            with _open(request, timeout=10) as answer:
                return json.load(answer)
        except HTTPError as refused:
            with refused:
                told = json.load(refused)  # a proxy's page is no JSON: ValueError
            raise Refusal(refused.code, told["error"]) from None

    def renew(self) -> None:
        """Get a new token."""
        query = {
            "grant_type": "refresh_token",
            "client_id": os.environ["MOCK_BITRIX_CLIENT_ID"],
            "client_secret": os.environ["MOCK_BITRIX_CLIENT_SECRET"],
            "refresh_token": self._refresh,
        }
        url = f"{os.environ['MOCK_BITRIX_URL']}/oauth/token/?{urlencode(query)}"
        with _open(url, timeout=10) as answer:
            told = json.load(answer)
        self.token, self._refresh = told["access_token"], told["refresh_token"]
