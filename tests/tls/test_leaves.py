from __future__ import annotations

import ssl
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509

from mock_bitrix.tls.authority import Authority


def handshake(server: ssl.SSLContext, name: str, authority: Authority) -> ssl.SSLObject:
    """A client's end of a handshake in memory, as strict as Python can be."""
    trusting = ssl.create_default_context(cafile=str(authority.certificate_file))
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(down, up, server_hostname=name)
    answering = server.wrap_bio(up, down, server_side=True)
    waiting = [client, answering]
    while waiting:
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                continue
    return client


def names(client: ssl.SSLObject) -> set[str]:
    found: Any = client.getpeercert()
    return {value for _, value in found["subjectAltName"]}


@pytest.mark.parametrize(
    "name", ["localhost", "127.0.0.1", "::1", "oauth.bitrix.info", "my.portal"]
)
def test_one_certificate_names_this_machine_and_what_was_given(
    authority: Authority, name: str
) -> None:
    served = names(handshake(authority.server_context(["my.portal"]), name, authority))

    assert served >= {"localhost", "127.0.0.1", "oauth.bitrix24.tech", "my.portal"}


def test_a_portal_made_later_gets_a_certificate_when_a_client_asks(authority: Authority) -> None:
    client = handshake(authority.server_context(), "new.bitrix24.test", authority)

    assert names(client) == {"new.bitrix24.test"}


def test_which_hosts_get_one_is_asked_at_each_handshake(authority: Authority) -> None:
    portals: set[str] = set()
    context = authority.server_context(allowed=lambda host: host in portals)
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        handshake(context, "late.example", authority)

    portals.add("late.example")

    assert names(handshake(context, "late.example", authority)) == {"late.example"}


def test_a_host_asked_twice_gets_the_same_certificate(authority: Authority) -> None:
    context = authority.server_context()

    first, second = (handshake(context, "twice.bitrix24.test", authority) for _ in range(2))

    assert first.getpeercert(binary_form=True) == second.getpeercert(binary_form=True)


def test_a_foreign_host_gets_no_certificate(authority: Authority) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=r"mismatch.*'example\.org'"):
        handshake(authority.server_context(), "example.org", authority)


def test_a_name_that_no_certificate_can_carry_is_answered_with_the_usual_one(
    authority: Authority,
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        handshake(authority.server_context(), "under_score.bitrix24.test", authority)


def test_a_client_that_trusts_another_authority_refuses(
    authority: Authority, stranger: Authority
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        handshake(authority.server_context(), "localhost", stranger)


def test_no_certificate_lives_longer_than_apple_allows(authority: Authority) -> None:
    der = handshake(authority.server_context(), "localhost", authority).getpeercert(
        binary_form=True
    )

    leaf = x509.load_der_x509_certificate(der or b"")

    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=825)
