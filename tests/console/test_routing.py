"""The console by plain HTTP, and once in a browser."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl

HOSTILE = "<script>alert(1)</script>"
BOUND = {"event": "ONCRMLEADADD", "type": "offline"}


@pytest.fixture
def made(server: MockBitrix) -> PortalControl:
    """A portal with one application that has bound new leads offline."""
    apps = [{"client_id": "local.app", "tokens": [{"user": 1}], "bindings": [BOUND]}]
    return Control(server.url).create({"apps": apps})


def path_of(made: PortalControl) -> str:
    """The portal's page."""
    return f"{made.transport.url}/console/{made.document['portal']['member_id']}"


def put(made: PortalControl, *numbers: int, **more: Any) -> None:
    """Rows of new leads with these ids."""
    row = {"event": "ONCRMLEADADD", **more}
    made.put(*({**row, "id": each, "data": {"FIELDS": {"ID": each}}} for each in numbers))


def ids(page: str) -> list[int]:
    """The ids of the rows in the queue's table."""
    queue = page.partition("<caption>Queue")[2].partition("</table>")[0]
    return [int(each) for each in re.findall(r"<tr><td>(\d+)</td>", queue)]


def test_every_portal_is_listed_with_its_page(made: PortalControl, http: httpx.Client) -> None:
    page = http.get(f"{made.transport.url}/").text

    assert f'href="/console/{made.document["portal"]["member_id"]}"' in page
    assert "local.app" in page


def test_hostile_text_is_shown_and_never_runs(made: PortalControl, http: httpx.Client) -> None:
    made.put({"event": "ONCRMLEADADD", "data": {"x": HOSTILE}, "auth_connector": HOSTILE})

    answer = http.get(path_of(made), params={"search": f'">{HOSTILE}'})
    shown = http.get(path_of(made)).text

    assert HOSTILE not in answer.text + shown
    assert "&lt;script&gt;" in shown
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_filters_choose_rows(made: PortalControl, http: httpx.Client) -> None:
    put(made, 1)
    put(made, 2, auth_connector="other")
    put(made, 3, process_id="a" * 32)
    put(made, 4, error=True, message_id="mine")

    def found(**query: str) -> list[int]:
        return ids(http.get(path_of(made), params=query).text)

    assert found() == [1, 2, 3, 4]
    assert found(connector="other") == [2]
    assert found(state="reserved") == [3]
    assert found(state="error", search="mine") == [4]
    assert found(search='"ID":1') == [1]
    assert found(search="%") == []
    assert found(client_id="nobody") == []
    assert found(event="ONCRMLEADADD", state="free") == [1, 2]


def test_a_page_links_to_the_next(made: PortalControl, http: httpx.Client) -> None:
    put(made, *range(1, 61))

    first = http.get(path_of(made)).text
    second = http.get(path_of(made), params={"after": "50"}).text

    assert ids(first) == list(range(1, 51))
    assert 'href="?after=50"' in first
    assert ids(second) == list(range(51, 61))
    assert "Next page" not in second


def test_parts_are_the_same_as_on_the_page(made: PortalControl, http: httpx.Client) -> None:
    put(made, 7)

    parts = {name: http.get(f"{path_of(made)}/{name}") for name in ("queue", "calls", "clock")}

    assert ids(parts["queue"].text) == [7]
    assert {each.status_code for each in parts.values()} == {200}
    assert http.get(f"{path_of(made)}/nothing").status_code == 404
    assert http.get(f"{made.transport.url}/console/nobody").status_code == 404


@pytest.mark.parametrize("header", [{"Origin": "http://evil.test"}, {"Host": "evil.test"}])
@pytest.mark.parametrize("path", ["/", "/console/x", "/console/x/queue"])
def test_a_foreign_page_is_refused(
    server: MockBitrix, http: httpx.Client, path: str, header: dict[str, str]
) -> None:
    assert http.get(server.url + path, headers=header).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_emitted_change_shows_in_the_queue(
    made: PortalControl, scheme: Any, tmp_path: Path
) -> None:
    playwright: Any = pytest.importorskip("playwright.sync_api", reason="no Playwright here")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium isn't installed: `apt-get install chromium`")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(color_scheme=scheme, viewport={"width": 1300, "height": 900})
        page.goto(path_of(made))
        page.locator("form[data-action=emit] button").click()
        page.locator("[data-live=queue] td", has_text="ONCRMLEADADD").wait_for()
        page.screenshot(path=tmp_path / f"{scheme}.png", full_page=True)
        browser.close()
