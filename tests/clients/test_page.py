"""The blocks of docs/clients.md, run as they are printed, against a server on the demo's port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.environment import as_dict, client_environment

PAGE = (Path(__file__).parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^## ([^\n]*)\n(?:(?!^## ).)*?^```python\n(.*?)^```", PAGE, re.M | re.S)


@pytest.fixture
def demo(home: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A fresh demo portal: its address, and the environment that `env` prints."""
    with MockBitrix(proxy_port=0) as running:
        proxy_url = running.emulator.proxy_url
        assert proxy_url
        port = int(proxy_url.rpartition(":")[2])
        yield running.url, as_dict(client_environment(Authority.open(), port))


@pytest.mark.parametrize(("title", "block"), BLOCKS, ids=[title.split()[0] for title, _ in BLOCKS])
def test_a_block_of_the_page_works_as_printed(
    title: str, block: str, demo: tuple[str, dict[str, str]]
) -> None:
    module = title.split(maxsplit=1)[0].replace("-rest", "")
    pytest.importorskip(module, reason=f"needs {title}")
    url, environment = demo
    program = block.replace("http://127.0.0.1:8024", url)

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] in ("ONCRMLEADADD", "Anna")


def test_the_page_has_a_block_for_each_python_library() -> None:
    assert len(BLOCKS) == 4
