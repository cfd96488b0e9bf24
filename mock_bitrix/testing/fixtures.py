"""What the pytest plugin's fixtures do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mock_bitrix.testing import Portal, RunningServer, sharing


def server(config: pytest.Config, options: Mapping[str, Any]) -> Iterator[RunningServer]:
    """The server at `MOCK_BITRIX_URL`, or that of all workers of pytest-xdist, or one's own."""
    url = os.environ.get("MOCK_BITRIX_URL")
    offered = getattr(config, "workerinput", {}).get("mock_bitrix")
    if url:
        yield RunningServer(url)
    elif offered:
        yield RunningServer(sharing.shared_server(offered, options), options.get("control_key"))
    else:
        with sharing.server_with(options) as running:
            yield running


def portal(
    server: RunningServer,
    document: Mapping[str, Any] | str | Path,
    request: pytest.FixtureRequest,
) -> Iterator[Portal]:
    """A portal as the fixture and the test's markers describe it; the nearest marker wins."""
    given = _read(document, request.path)
    for marker in reversed(list(request.node.iter_markers("bitrix_portal"))):
        for each in marker.args:
            given |= _read(each, request.path)
        given |= marker.kwargs
    with server.portal(given) as made:
        yield made


def _read(document: Mapping[str, Any] | str | Path, test: Path) -> dict[str, Any]:
    """A document; a path is that of a file, beside the test's own file."""
    if isinstance(document, Mapping):
        return dict(document)
    from mock_bitrix.fixture.files import read_document

    read = read_document(test.parent / document)
    shown: dict[str, Any] = read.model_dump(mode="json", exclude_unset=True)
    return shown
