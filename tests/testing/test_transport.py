"""The Python client's way to the server."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, ControlError, NotReachable, Transport


class _Odd(BaseHTTPRequestHandler):
    """Answers with what it was asked, or with a proxy's page."""

    def do_GET(self) -> None:
        if self.path.startswith("/_mock/page"):
            self._answer(502, b"<h1>Bad Gateway</h1>")
        else:
            told = {"path": self.path, "key": self.headers.get("X-Mock-Bitrix-Key")}
            self._answer(200, json.dumps(told).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    """A server that isn't mock-bitrix."""
    with HTTPServer(("127.0.0.1", 0), _Odd) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_key_is_sent(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Transport(odd).call("GET", "/a")["key"] is None
    assert Transport(odd, "mine").call("GET", "/a")["key"] == "mine"

    monkeypatch.setenv("MOCK_BITRIX_CONTROL_KEY", "everyones")

    assert Transport(odd).call("GET", "/a")["key"] == "everyones"
    assert Transport(odd, "mine").call("GET", "/a")["key"] == "mine"


def test_parameters_that_are_none_are_left_out(odd: str) -> None:
    asked = Transport(odd).call("GET", "/a", one=1, none=None, yes=True, text="ä b")

    assert asked["path"] == "/_mock/a?one=1&yes=1&text=%C3%A4+b"


def test_a_proxy_in_the_environment_is_not_used(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert Transport(odd).call("GET", "/a")["path"] == "/_mock/a"


def test_an_answer_of_somebody_else_is_an_error_that_shows_it(odd: str) -> None:
    with pytest.raises(ControlError, match="Bad Gateway") as refused:
        Transport(odd).call("GET", "/page")

    assert refused.value.status == 502


def test_nobody_there_is_not_reachable() -> None:
    with pytest.raises(NotReachable, match=r"no mock-bitrix answers at http://127\.0\.0\.1:1"):
        Control("http://127.0.0.1:1").health()


def test_health_names_status_and_version(server: MockBitrix) -> None:
    health = Control(server.url).health()

    assert health["status"] == "ok"
    assert health["version"]


def test_importing_it_needs_nothing_but_the_standard_library() -> None:
    script = "import sys, mock_bitrix.testing.control; print(*sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    foreign = {"pydantic", "fastapi", "uvicorn", "sqlalchemy", "orjson", "click", "yaml", "trustme"}
    assert foreign & set(shown.stdout.split()) == set()
