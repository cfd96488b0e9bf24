"""The methods on a page and in an OpenAPI document: both complete, both our own."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from mock_bitrix.rest import documentation, methods, registry
from mock_bitrix.testing import MockBitrix

VOID = {"meta", "link", "br", "img", "input", "hr"}
REGISTERED = sorted(each.name for each in registry.every())


class Page(HTMLParser):
    """What stands on a page: elements with their attributes, ids, links, and whether it nests."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def values(self, attribute: str) -> list[str]:
        """All values of an attribute."""
        return [str(found[attribute]) for _, found in self.elements if attribute in found]


@pytest.fixture(scope="module")
def text(server: MockBitrix) -> str:
    answer = httpx.get(f"{server.url}/docs", trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


@pytest.fixture(scope="module")
def document(server: MockBitrix) -> Any:
    return httpx.get(f"{server.url}/openapi.json", trust_env=False).json()


def article(text: str, name: str) -> str:
    """What the page says of one method."""
    return text.partition(f'<article id="{name}"')[2].partition("</article>")[0]


def test_every_registered_method_is_on_the_page_and_in_its_contents(page: Page) -> None:
    assert methods.__all__
    articles = [found["id"] for tag, found in page.elements if tag == "article"]

    assert articles == REGISTERED
    assert [link for link in page.values("href") if link[1:] in REGISTERED] == [
        f"#{name}" for name in REGISTERED
    ]


def test_every_registered_method_is_in_the_openapi_document(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(document["paths"]) == [f"/rest/{name}" for name in REGISTERED]
    operations = [path["post"] for path in document["paths"].values()]
    assert all(operation["summary"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_every_parameter_is_explained_in_both(text: str, document: Any) -> None:
    silent = []
    for method in registry.every():
        body = document["paths"][f"/rest/{method.name}"]["post"]["requestBody"]
        properties = body["content"]["application/json"]["schema"]["properties"]
        shown = article(text, method.name)
        for name, field in documentation.parameters_of(method).items():
            if not properties[name]["description"] or f"<code>{name}</code></th>" not in shown:
                silent.append(f"{method.name}: {name} {field}")
    assert silent == []


def test_the_page_says_what_a_caller_needs_to_know(text: str) -> None:
    shown = article(text, "event.offline.get")

    assert "Take records out of the caller's queue" in shown.replace("&#x27;", "'")
    assert "<strong>Who may call:</strong> Applications only." in shown
    assert "protocol" not in shown
    assert "<td><code>50</code></td>" in shown
    assert "<td><code>TIMESTAMP_X ASC</code></td>" in shown
    assert "With one of the scopes user, user_brief, user_basic." in article(text, "user.current")
    assert "Everybody, by token or webhook." in article(text, "profile")
    assert "in lower case only" in article(text, "app.option.get")
    assert "whatever parameters are sent" in article(text, "event.test")


def test_the_examples_call_the_server_that_shows_them(text: str, server: MockBitrix) -> None:
    shown = article(text, "feature.get")

    line = f"curl -d auth=TOKEN -d CODE=x {server.url}/rest/feature.get"
    assert line.replace("CODE=x", "code=rest_offline_extended") in shown
    assert text.count(f"{server.url}/rest/") == len(REGISTERED)


def test_a_foreign_host_name_can_not_bring_markup(server: MockBitrix) -> None:
    answer = httpx.get(
        f"{server.url}/docs", headers={"Host": 'x"><script>y</script>'}, trust_env=False
    )

    assert "<script" not in answer.text


def test_the_page_needs_nothing_from_elsewhere(page: Page, text: str) -> None:
    assert [tag for tag, _ in page.elements if tag in {"script", "link", "img", "iframe"}] == []
    assert page.values("src") == []
    assert [link for link in page.values("href") if not re.match(r"#|/openapi\.json$", link)] == []
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_is_for_light_and_dark(text: str) -> None:
    assert "color-scheme: light dark" in text
    assert "prefers-color-scheme: dark" in text


def test_the_page_is_for_keyboards_and_screen_readers(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    ids = page.values("id")

    assert ("html", {"lang": "en"}) in page.elements
    assert (tags.count("h1"), tags.count("main"), tags.count("nav")) == (1, 1, 1)
    assert len(ids) == len(set(ids))
    first_link = next(found for tag, found in page.elements if tag == "a")
    assert first_link == {"class": "skip", "href": "#all-methods"}
    assert set(page.values("aria-labelledby")) <= set(ids)
    assert all("aria-label" in found for tag, found in page.elements if tag == "nav")
    assert tags.count("caption") == tags.count("table")
    assert all("scope" in found for tag, found in page.elements if tag == "th")
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in zip([1, *levels], levels, strict=False))
