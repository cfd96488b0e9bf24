"""Where the emulator keeps files of its own, and how they stay the user's alone."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = "mock-bitrix"


def home(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The directory of the emulator's own files: `MOCK_BITRIX_HOME`, else in the user's data.

    Nothing is created. Raises RuntimeError where the system knows no home directory of the user.
    """
    chosen = environment.get("MOCK_BITRIX_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return _user_data(environment, platform) / NAME


def authority_file() -> Path:
    """Where the certificate of the user's own authority is, once it has been made."""
    return home() / "authority" / "authority.pem"


def _user_data(environment: Mapping[str, str], platform: str) -> Path:
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    data = Path(environment.get("XDG_DATA_HOME", ""))
    # The XDG specification: a relative path there is to be ignored.
    return data if data.is_absolute() else Path.home() / ".local" / "share"


def private_directory(directory: Path) -> Path:
    """Makes a directory, if need be, and closes it to everybody but the user. Raises OSError."""
    directory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.mkdir(exist_ok=True, mode=0o700)
    if directory.stat().st_mode & 0o077:
        directory.chmod(0o700)
    return directory


def write_private(file: Path, content: bytes) -> None:
    """Puts a file in place in one step, for the user's eyes only; the same content stays as is."""
    if file.is_file() and file.read_bytes() == content:
        file.chmod(0o600)
        return
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(content)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Holds a lock between processes for the length of a `with`; the system frees it if we die."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
