"""The emulator's own certificate authority, kept between runs so that a client trusts it once."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mock_bitrix.clock import system_now
from mock_bitrix.tls.bundle import bundle
from mock_bitrix.tls.files import home, locked, private_directory, write_private
from mock_bitrix.tls.hosts import DEFAULT_HOSTS, LOCAL_NAMES
from mock_bitrix.tls.leaves import Leaves

logger = logging.getLogger(__name__)


class AuthorityError(Exception):
    """The authority's files can be neither read nor made; the message says which and what helps."""


class Authority:
    """A certificate authority in a directory of its own, which only the user can read."""

    def __init__(self, directory: Path, signer: trustme.CA) -> None:
        self._directory = directory
        self._signer = signer
        self.certificate_file = directory / "authority.pem"
        self.bundle_file = directory / "bundle.pem"

    @classmethod
    def open(cls, directory: Path | None = None) -> Authority:
        """The authority of `directory` (default: `home()/authority`), made if there is none.

        Processes that open the same directory at once get the same authority. One that has
        expired or can't be understood is replaced, and a warning is logged. The bundle file is
        written anew each time. Raises AuthorityError.
        """
        try:
            chosen = private_directory(directory or home() / "authority")
            with locked(chosen / "lock"):
                return cls._open_locked(chosen)
        except (OSError, RuntimeError) as error:
            raise AuthorityError(
                f"the certificate authority has no place to be: {error}; "
                "set MOCK_BITRIX_HOME to a directory of yours"
            ) from error

    @classmethod
    def _open_locked(cls, directory: Path) -> Authority:
        authority = cls(directory, _kept_or_new(directory / "authority-key.pem"))
        certificate = authority._signer.cert_pem.bytes()
        write_private(authority.certificate_file, certificate)
        write_private(authority.bundle_file, bundle(certificate.decode(), authority.bundle_file))
        return authority

    def server_context(
        self,
        names: Iterable[str] = (),
        allowed: Callable[[str], bool] = DEFAULT_HOSTS.emulates,
    ) -> ssl.SSLContext:
        """A context for an https listener.

        Its certificate names this machine (`localhost` and loopback), the vendor's servers and
        `names`; for any further host that `allowed` accepts, one is made when a client asks.
        Raises ValueError for a name that no certificate can carry.
        """
        known = (*LOCAL_NAMES, *DEFAULT_HOSTS.named, *names)
        return Leaves(self._signer, self._directory, known, allowed).context()


def _kept_or_new(file: Path) -> trustme.CA:
    if file.exists():
        try:
            return _read(file.read_bytes())
        except ValueError as reason:
            logger.warning(
                "%s: %s; a new authority takes its place: clients must load it anew", file, reason
            )
    made = trustme.CA(path_length=0, organization_name="mock-bitrix")
    write_private(file, made.private_key_pem.bytes() + made.cert_pem.bytes())
    return made


def _read(pem: bytes) -> trustme.CA:
    """The authority in a PEM file of key and certificate; ValueError says what is wrong with it."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("no key and certificate that can be read") from error
    if certificate.public_key() != key.public_key():
        raise ValueError("the key is not the certificate's")
    if certificate.not_valid_after_utc <= datetime.fromtimestamp(system_now(), UTC):
        raise ValueError(f"expired on {certificate.not_valid_after_utc:%Y-%m-%d}")
    return trustme.CA.from_pem(pem, pem)
