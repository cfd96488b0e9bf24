"""What the plugin's fixtures give, here on the tests' own server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mock_bitrix.testing import MockBitrix, Portal, RunningServer

pytestmark = pytest.mark.bitrix_portal(portal={"timezone": "Europe/Berlin"}, stubs={})


@pytest.fixture(scope="session")
def mock_bitrix(server: MockBitrix) -> RunningServer:
    return RunningServer(server.url)


@pytest.fixture
def bitrix_portal_document(tmp_path: Path) -> Mapping[str, Any] | Path:
    file = tmp_path / "shop.yaml"
    file.write_text("portal: {license: de_basic}\nusers: [{id: 7, admin: true}]\n")
    return file


def test_a_module_s_marker_replaces_parts_of_the_fixture_s_document(bitrix_portal: Portal) -> None:
    assert bitrix_portal.document["portal"]["timezone"] == "Europe/Berlin"
    assert bitrix_portal.document["portal"]["license"] == "en_ent250"
    assert [user["id"] for user in bitrix_portal.document["users"]] == [7]


@pytest.mark.bitrix_portal({"portal": {"license": "fr_team"}}, users=[{"id": 3, "admin": True}])
def test_a_test_s_own_marker_is_the_nearest(bitrix_portal: Portal) -> None:
    assert bitrix_portal.document["portal"]["timezone"] == "UTC"
    assert bitrix_portal.document["portal"]["license"] == "fr_team"
    assert [user["id"] for user in bitrix_portal.document["users"]] == [3]


@pytest.mark.bitrix_portal("nowhere.yaml")
def test_a_file_that_is_not_there_is_named(request: pytest.FixtureRequest) -> None:
    with pytest.raises(Exception, match=r"nowhere\.yaml"):
        request.getfixturevalue("bitrix_portal")
