"""Server certificates: one for the names of the start, others when a client first asks."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from mock_bitrix.clock import system_now
from mock_bitrix.tls.hosts import plain_host

# Apple's systems refuse a server certificate that is valid for more than 825 days.
VALID_DAYS = 800
CACHED_LEAVES = 256


class Leaves:
    """Chooses the certificate of a connection by the name that the client asks for (SNI).

    A host for which `allowed` says no gets the certificate of the start names, which does not
    name it: the client itself then refuses, and says why.
    """

    def __init__(
        self,
        signer: trustme.CA,
        directory: Path,
        names: Iterable[str],
        allowed: Callable[[str], bool],
    ) -> None:
        self._signer = signer
        self._directory = directory
        self._allowed = allowed
        self._named = functools.lru_cache(CACHED_LEAVES)(self._context)
        self._known = tuple(dict.fromkeys(plain_host(name) for name in names))

    def context(self) -> ssl.SSLContext:
        """The context for a listener; certificates of further hosts are minted through it."""
        context = self._context(*self._known)
        context.sni_callback = self._choose
        return context

    def _choose(
        self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext
    ) -> None:
        host = plain_host(name or "")
        if host in self._known or not self._allowed(host):
            return
        try:
            connection.context = self._named(host)
        except UnicodeError:  # no host name that a certificate can carry
            return

    def _context(self, *names: str) -> ssl.SSLContext:
        now = datetime.fromtimestamp(system_now(), UTC)
        leaf = self._signer.issue_cert(
            *names,
            organization_name="mock-bitrix",
            not_before=now - timedelta(days=1),
            not_after=now + timedelta(days=VALID_DAYS),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        # The ssl module reads keys from files only.
        with leaf.private_key_and_cert_chain_pem.tempfile(dir=str(self._directory)) as file:
            context.load_cert_chain(file)
        return context
