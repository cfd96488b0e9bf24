"""The server of an application under test: its pages, and what the portal's form brought it."""

from __future__ import annotations

import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

JAVASCRIPT = Path(__file__).parents[1] / "clients" / "js"
SDK = JAVASCRIPT / "node_modules/@bitrix24/b24jssdk/dist/umd/index.min.js"
PAGES = Path(__file__).with_name("pages")


@dataclass(frozen=True)
class Brought:
    """One form that the portal's page has sent."""

    path: str
    query: dict[str, str]
    fields: dict[str, str]


@dataclass
class ApplicationServer:
    """Serves the pages; `PORTAL` in them becomes the portal's address. `further`: more pages."""

    portal: str = ""
    tls: ssl.SSLContext | None = None
    further: dict[str, bytes] = field(default_factory=dict)
    brought: list[Brought] = field(default_factory=list)

    def __post_init__(self) -> None:
        application = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                parts = urlsplit(self.path)
                query, fields = dict(parse_qsl(parts.query)), dict(parse_qsl(body))
                application.brought.append(Brought(parts.path, query, fields))
                self._answer()

            def _answer(self) -> None:
                found = application.file(urlsplit(self.path).path)
                self.send_response(200 if found else 404)
                content = found or b""
                kind = "text/javascript" if self.path.endswith(".js") else "text/html"
                self.send_header("content-type", f"{kind}; charset=utf-8")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it is: another origin than the portal's."""
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._server.server_port}"

    def file(self, path: str) -> bytes | None:
        """What stands at a path."""
        if path == "/sdk.js":
            return SDK.read_bytes()
        if path in self.further:
            return self.further[path]
        page = PAGES / Path(path).name
        if not page.is_file():
            return None
        return page.read_bytes().replace(b"PORTAL", self.portal.encode())

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
