from __future__ import annotations

import pytest

from mock_bitrix.tls.proxy_request import ProxyRequest, parse
from mock_bitrix.tls.refusals import NotForAProxy


def asked(first: str, *fields: str) -> ProxyRequest:
    return parse("\r\n".join([first, *fields, "", ""]).encode("latin-1"))


@pytest.mark.parametrize(
    ("target", "host", "port"),
    [
        ("demo.bitrix24.test:443", "demo.bitrix24.test", 443),
        ("Demo.Bitrix24.TEST.:8443", "demo.bitrix24.test", 8443),
        ("demo.bitrix24.test", "demo.bitrix24.test", 443),
        ("[::1]:443", "::1", 443),
    ],
)
def test_connect_names_a_host_and_a_port(target: str, host: str, port: int) -> None:
    assert asked(f"CONNECT {target} HTTP/1.1") == ProxyRequest(host, port, tunnel=True)


def test_a_plain_request_goes_on_to_the_host_alone_and_ends_the_connection() -> None:
    request = asked(
        "POST http://demo.bitrix24.test:8080/rest/a?b=http://c HTTP/1.1",
        "Host: other.example",
        "Proxy-Connection: keep-alive",
        "Proxy-Authorization: Basic secret",
        "Content-Length: 2",
    )

    assert (request.host, request.port, request.tunnel) == ("demo.bitrix24.test", 8080, False)
    assert request.forward == (
        b"POST /rest/a?b=http://c HTTP/1.1\r\nHost: demo.bitrix24.test:8080\r\n"
        b"Connection: close\r\nContent-Length: 2\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("url", "path"),
    [("http://a.test", b"/"), ("http://a.test?x=1", b"/?x=1"), ("http://a.test//b", b"//b")],
)
def test_a_path_stays_as_it_was_written(url: str, path: bytes) -> None:
    assert asked(f"GET {url} HTTP/1.1").forward.startswith(b"GET " + path + b" HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "first",
    [
        "",
        "GET / HTTP/1.1",
        "GET https://demo.bitrix24.test/ HTTP/1.1",
        "CONNECT demo.bitrix24.test:443",
        "CONNECT demo.bitrix24.test:443 HTTP/2",
        "CONNECT demo.bitrix24.test:99999 HTTP/1.1",
        "CONNECT demo.bitrix24.test:x HTTP/1.1",
        "CONNECT user@demo.bitrix24.test:443 HTTP/1.1",
        "CONNECT [::1:443 HTTP/1.1",
        "CONNECT :443 HTTP/1.1",
        "CONNECT d\xe9mo.bitrix24.test:443 HTTP/1.1",
        "GET http:///rest HTTP/1.1",
    ],
)
def test_what_is_no_proxy_request_is_refused(first: str) -> None:
    with pytest.raises(NotForAProxy):
        asked(first)


@pytest.mark.parametrize("field", ["no colon", " folded: line", "Host : spaced"])
def test_a_header_line_that_could_be_read_in_two_ways_is_refused(field: str) -> None:
    with pytest.raises(NotForAProxy):
        asked("GET http://demo.bitrix24.test/ HTTP/1.1", field)
