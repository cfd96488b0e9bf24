"""Every control address is documented: in the OpenAPI document, on the page, in docs/control.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_bitrix.testing import MockBitrix

PAGE = Path(__file__).parents[2] / "docs" / "control.md"
VERBS = ("get", "post", "put", "delete")


@pytest.fixture(scope="module")
def document(server: MockBitrix) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = httpx.get(f"{server.url}/_mock/openapi.json", trust_env=False).json()
    return found


def addresses(document: dict[str, Any]) -> set[str]:
    """`GET /_mock/health` and so on."""
    return {
        f"{verb.upper()} /_mock{path}"
        for path, operations in document["paths"].items()
        for verb in operations
        if verb in VERBS
    }


def documented(page: str) -> set[str]:
    """The addresses in the first cells of the page's tables."""
    return set(re.findall(r"^\| `((?:GET|POST|PUT|DELETE) /_mock[^`?]*)", page, re.MULTILINE))


def test_docs_control_md_lists_every_address_and_no_other(document: dict[str, Any]) -> None:
    assert documented(PAGE.read_text(encoding="utf-8")) == addresses(document)


def test_the_python_example_runs(server: MockBitrix) -> None:
    text = PAGE.read_text(encoding="utf-8")
    example = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0]

    found: dict[str, Any] = {}
    exec(example.replace("http://127.0.0.1:8024", server.url), found)

    assert [row["state"] for row in found["portal"].queue()] == ["free"]


def test_an_address_that_the_page_forgets_is_noticed(document: dict[str, Any]) -> None:
    page = PAGE.read_text(encoding="utf-8").replace("`GET /_mock/metrics`", "metrics")

    assert addresses(document) - documented(page) == {"GET /_mock/metrics"}


def test_every_operation_says_what_it_does_and_takes(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            assert operation["description"], path
            writes = verb in ("post", "put") and not path.endswith(("/reset", "/expire"))
            assert ("requestBody" in operation) == writes, f"{verb} {path}"


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = set(document["components"]["schemas"])

    used = set(re.findall(r"'#/components/schemas/([^']+)'", str(document)))

    assert used <= schemas
    assert "x-body" not in str(document)


def test_the_page_needs_nothing_from_elsewhere(server: MockBitrix, http: httpx.Client) -> None:
    page = http.get(f"{server.url}/_mock/docs")

    assert page.headers["content-type"].startswith("text/html")
    assert (
        re.findall(r"(?:src|href)=\"(?!#|openapi\.json)[^\"]*\"|<script|@import|url\(", page.text)
        == []
    )
    for address in addresses(http.get(f"{server.url}/_mock/openapi.json").json()):
        assert f"<h3>{address}</h3>" in page.text


def test_every_link_of_the_page_has_its_place(server: MockBitrix, http: httpx.Client) -> None:
    page = http.get(f"{server.url}/_mock/docs").text

    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("POST", "/health", 405),
        ("GET", "/portals/default/queue?limit=many", 422),
        ("GET", "/portals/default/calls?since=-1", 422),
        ("GET", "/portals/default/queue?state=lost", 422),
        ("DELETE", "/portals/default/faults/x", 422),
        ("DELETE", f"/portals/default/faults/{2**70}", 422),
    ],
)
def test_what_is_wrong_with_an_address_is_said_in_json(
    server: MockBitrix, http: httpx.Client, verb: str, path: str, status: int
) -> None:
    answer = http.request(verb, f"{server.url}/_mock{path}")

    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b"\xff", b"null", b'{"a": NaN}', b"[[]]"])
@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("POST", "/portals"),
        ("POST", "/portals/default/events"),
        ("PUT", "/portals/default/clock"),
        ("PUT", "/portals/default/switches"),
        ("POST", "/portals/default/faults"),
        ("POST", "/portals/default/tokens"),
    ],
)
def test_a_body_that_is_no_map_is_refused(
    server: MockBitrix, http: httpx.Client, verb: str, path: str, body: bytes
) -> None:
    headers = {"content-type": "application/json"}
    answer = http.request(verb, f"{server.url}/_mock{path}", content=body, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["error"]


def test_what_an_address_can_do_is_said_whole(server: MockBitrix, http: httpx.Client) -> None:
    answer = http.delete(f"{server.url}/_mock/portals")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_a_line_feed_in_an_address_is_a_name_like_any_other(
    server: MockBitrix, http: httpx.Client
) -> None:
    unknown = http.get(f"{server.url}/_mock/portals/a%0Ab/clock")

    assert unknown.status_code == 404
    assert unknown.json()["error"].startswith('there is no portal "a')
    assert http.get(f"{server.url}/rest/a%0Ab").json()["error"] == "ERROR_METHOD_NOT_FOUND"
