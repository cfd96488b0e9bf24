"""Whom https handlers are trusted by: the system's authorities, and the emulator's own."""

from __future__ import annotations

import ssl

from mock_bitrix.tls.files import home


def context(*, insecure: bool) -> ssl.SSLContext:
    """The settings for calling by https; `insecure` takes any certificate."""
    made = ssl.create_default_context()
    if insecure:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
        return made
    own = home() / "authority" / "authority.pem"
    if own.exists():  # it is made only when it is needed
        made.load_verify_locations(own)
    return made
