"""What a client asks of the proxy: a tunnel to a host, or one plain http request to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from mock_bitrix.tls.hosts import plain_host
from mock_bitrix.tls.refusals import NotForAProxy

# Names and addresses as they may stand in an answer's first line and in a log.
_HOST = re.compile(r"[a-z0-9._:-]{1,255}")
_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "upgrade",
    "http2-settings",
    "host",
}


@dataclass(frozen=True, slots=True)
class ProxyRequest:
    """Where a client wants to go; `forward` is what the other end gets first."""

    host: str
    port: int
    tunnel: bool
    forward: bytes = b""


def parse(head: bytes) -> ProxyRequest:
    """Reads a request's head, up to and with its empty line. Raises NotForAProxy."""
    first, *fields = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise NotForAProxy("the request's first line is not one of HTTP/1")
    method, target, version = words
    if method == "CONNECT":
        return _tunnel(target)
    return _plain(method, target, version, fields)


def _tunnel(target: str) -> ProxyRequest:
    host, port = _address(_split("//" + target), 443)
    return ProxyRequest(host, port, tunnel=True)


def _plain(method: str, target: str, version: str, fields: list[str]) -> ProxyRequest:
    url = _split(target)
    if url.scheme != "http":
        raise NotForAProxy("this port takes CONNECT and http:// addresses; it is no server itself")
    host, port = _address(url, 80)
    path = target.partition("://")[2].removeprefix(url.netloc)
    line = f"{method} {path if path.startswith('/') else '/' + path} {version}"
    kept = [field for field in fields if _name(field) not in _HOP_BY_HOP]
    lines = [line, f"Host: {url.netloc}", "Connection: close", *kept]
    return ProxyRequest(host, port, False, "\r\n".join([*lines, "", ""]).encode("latin-1"))


def _name(field: str) -> str:
    name, colon, _ = field.partition(":")
    if not colon or name != name.strip():
        raise NotForAProxy("a header line has no name, or goes on from the line before")
    return name.lower()


def _split(text: str) -> SplitResult:
    """`urlsplit` with a refusal instead of a ValueError."""
    try:
        return urlsplit(text)
    except ValueError as error:
        raise NotForAProxy("the address can't be read") from error


def _address(url: SplitResult, usual_port: int) -> tuple[str, int]:
    try:
        host, port = plain_host(url.hostname or ""), url.port
    except ValueError as error:
        raise NotForAProxy("the port is no number up to 65535") from error
    if "@" in url.netloc or not _HOST.fullmatch(host):
        raise NotForAProxy("the host is no name and no address")
    return host, port or usual_port
