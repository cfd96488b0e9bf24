from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mock_bitrix.tls.files import home, locked, private_directory, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, "~/.local/share/mock-bitrix"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/mock-bitrix"),
        ("linux", {"XDG_DATA_HOME": "relative"}, "~/.local/share/mock-bitrix"),
        ("darwin", {}, "~/Library/Application Support/mock-bitrix"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/mock-bitrix"),
        ("win32", {}, "~/AppData/Local/mock-bitrix"),
        ("linux", {"MOCK_BITRIX_HOME": "~/mine", "XDG_DATA_HOME": "/data"}, "~/mine"),
    ],
)
def test_home_is_where_the_platform_keeps_data(
    platform: str, environment: dict[str, str], expected: str
) -> None:
    assert home(environment, platform) == Path(expected).expanduser()


def test_a_chosen_home_does_not_move_with_the_working_directory() -> None:
    assert home({"MOCK_BITRIX_HOME": "here"}).is_absolute()


def test_an_open_directory_is_closed_to_others(tmp_path: Path) -> None:
    directory = tmp_path / "open"
    directory.mkdir(mode=0o755)

    assert mode(private_directory(directory)) == 0o700


def test_a_file_is_readable_by_the_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"

    write_private(file, b"secret")

    assert file.read_bytes() == b"secret"
    assert mode(file) == 0o600


def test_a_file_that_became_readable_to_others_is_closed_again(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"secret")
    file.chmod(0o644)

    write_private(file, b"secret")

    assert mode(file) == 0o600


def test_a_file_that_cannot_be_put_in_place_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "key" / "in the way").mkdir(parents=True)

    with pytest.raises(OSError, match="key"):
        write_private(tmp_path / "key", b"secret")

    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_a_lock_is_free_again_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside"), locked(tmp_path / "lock"):
        raise ValueError("inside")

    with locked(tmp_path / "lock"):
        assert (tmp_path / "lock").exists()
