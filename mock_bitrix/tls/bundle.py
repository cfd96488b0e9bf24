"""The system's certificate authorities, for clients whose setting replaces them."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Iterator
from pathlib import Path

WELL_KNOWN = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS, the BSDs
)

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def bundle(own: str, itself: Path) -> bytes:
    """PEM of the authority `own`, followed by the system's.

    `itself`, the bundle's own file, is not read: the environment may already point at it, and a
    run inside a run must not feed on it.
    """
    found = certificates(own) + system_authorities(without=itself)
    return ("\n".join(dict.fromkeys(found)) + "\n").encode()


def certificates(pem: str) -> list[str]:
    """The certificates of a PEM text, without what stands between them."""
    return _CERTIFICATE.findall(pem)


def system_authorities(without: Path) -> list[str]:
    """The authorities that this machine trusts, each as PEM, by the first source that has any."""
    files = (file for file in _files() if not _same(file, without))
    return _first_of(files) or _loaded() or _first_of(_certifi())


def _files() -> Iterator[Path]:
    paths = ssl.get_default_verify_paths()
    for name in (paths.cafile, paths.openssl_cafile, *WELL_KNOWN):
        if name:
            yield Path(name)


def _same(file: Path, other: Path) -> bool:
    return file.exists() and other.exists() and file.samefile(other)


def _first_of(files: Iterable[Path]) -> list[str]:
    for file in files:
        found = certificates(_text(file))
        if found:
            return found
    return []


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _loaded() -> list[str]:
    """What Python itself loads: on Windows, the certificate store of the system."""
    context = ssl.create_default_context()
    return [ssl.DER_cert_to_PEM_cert(der).strip() for der in context.get_ca_certs(binary_form=True)]


def _certifi() -> Iterator[Path]:
    try:
        import certifi
    except ImportError:
        return
    yield Path(certifi.where())
