"""What the start of a server must not wait for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.program import environment

HEAVY = ("cryptography", "psycopg", "sqlalchemy.dialects.postgresql", "trustme")


def test_a_server_starts_without_what_it_may_never_need(home: Path) -> None:
    loads = "import mock_bitrix.cli.serving, mock_bitrix.starting, mock_bitrix.server, sys"
    shows = f"print([name for name in {HEAVY} if name in sys.modules])"

    ended = subprocess.run(
        [sys.executable, "-P", "-c", f"{loads}; {shows}"],
        env=environment(home),
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == "[]\n"
