"""The blocks of docs/clients.md, run as they are printed, against a server with the demo portal."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.environment import as_dict, client_environment

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "clients.md").read_text(encoding="utf-8")
JAVASCRIPT = HERE / "js"
GREETINGS = ("ONCRMLEADADD", "Anna")
"""What the blocks print."""


class Block(NamedTuple):
    """A block of the page: under which heading, in which language."""

    title: str
    language: str
    text: str

    @property
    def library(self) -> str:
        """The library that the heading names."""
        return self.title.split(maxsplit=1)[0]


def blocks() -> list[Block]:
    """Every block of the page that is under a heading."""
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    fenced = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [
        Block(section.partition("\n")[0], *found)
        for section in sections
        for found in fenced.findall(section)
    ]


def named(language: str) -> list[Block]:
    return [block for block in blocks() if block.language == language]


def library(block: Block) -> str:
    return block.library


class Demo(NamedTuple):
    """A fresh demo portal: its address, and the environment that `env` prints."""

    url: str
    environment: dict[str, str]

    def run(self, *command: str, cwd: Path | None = None, **more: str) -> str:
        """The last line that a command prints."""
        here = [each.replace("http://127.0.0.1:8024", self.url) for each in command]
        done = subprocess.run(
            here,
            cwd=cwd,
            env={**os.environ, **self.environment, **more},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().splitlines()[-1]


@pytest.fixture
def demo(home: Path) -> Iterator[Demo]:
    with MockBitrix(proxy_port=0) as running:
        proxy_url = running.emulator.proxy_url
        assert proxy_url
        port = int(proxy_url.rpartition(":")[2])
        yield Demo(running.url, as_dict(client_environment(Authority.open(), port)))


@pytest.mark.parametrize("block", named("python"), ids=library)
def test_a_python_block_works_as_printed(block: Block, demo: Demo) -> None:
    module = block.library.replace("-rest", "")
    pytest.importorskip(module, reason=f"needs {block.title}")

    assert demo.run(sys.executable, "-c", block.text) in GREETINGS


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize("block", named("sh"), ids=library)
def test_a_shell_block_works_as_printed(block: Block, demo: Demo) -> None:
    answer = json.loads(demo.run("bash", "-c", block.text))

    assert answer["result"]["events"][0]["EVENT_NAME"] == "ONCRMLEADADD"


@pytest.mark.skipif(
    shutil.which("node") is None or not (JAVASCRIPT / "node_modules").exists(),
    reason="needs Node.js, and `npm ci` in tests/clients/js",
)
@pytest.mark.parametrize("block", named("js"), ids=library)
def test_a_javascript_block_works_as_printed(block: Block, demo: Demo) -> None:
    command = ("node", "--input-type=module", "--eval", block.text)

    assert demo.run(*command, cwd=JAVASCRIPT) in GREETINGS


@pytest.mark.skipif(shutil.which("php") is None, reason="needs Debian's php-cli and php-curl")
@pytest.mark.parametrize(
    "block", [block for block in named("php") if block.library == "CRest"], ids=str
)
def test_a_block_for_crest_works_as_printed(block: Block, demo: Demo, tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    (kept,) = named("json")
    settings.write_text(kept.text)
    program = f"require 'crest.php';\n{block.text}"

    shown = demo.run("php", "-r", program, cwd=HERE / "php", SETTINGS=str(settings))

    assert shown in GREETINGS


def test_the_page_has_a_block_for_each_library() -> None:
    found = {(block.language, block.library) for block in blocks()}

    assert found == {
        ("sh", "cURL"),
        ("python", "b24pysdk"),
        ("python", "fast_bitrix24"),
        ("python", "pybitrix24"),
        ("python", "bitrix24-rest"),
        ("js", "@bitrix24/b24jssdk"),
        ("js", "@2bad/bitrix"),
        ("php", "b24phpsdk"),
        ("php", "CRest"),
        ("json", "CRest"),
        ("html", "BX24.js"),
    }
