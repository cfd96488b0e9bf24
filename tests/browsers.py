"""Chromium for tests of pages; they are skipped where it is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def chromium() -> Iterator[Browser]:
    """A browser without a window, for as long as somebody needs it."""
    playwright: Any = pytest.importorskip("playwright.sync_api", reason="no Playwright here")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium isn't installed: `apt-get install chromium`")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()
