from __future__ import annotations

import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mock_bitrix.tls.authority import Authority, AuthorityError
from mock_bitrix.tls.files import locked, private_directory

KEY = "authority-key.pem"


def test_the_authority_stays_the_same_between_runs(directory: Path) -> None:
    first = Authority.open(directory).certificate_file.read_bytes()

    assert Authority.open(directory).certificate_file.read_bytes() == first
    x509.load_pem_x509_certificate(first)


def test_processes_that_start_at_once_get_one_authority(directory: Path) -> None:
    program = (
        "import sys, pathlib; from mock_bitrix.tls.authority import Authority;"
        "a = Authority.open(pathlib.Path(sys.argv[1])); print(a._signer.cert_pem.bytes())"
    )
    command = [sys.executable, "-c", program, str(directory)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]

    seen = {process.communicate()[0] for process in started}

    assert seen == {f"{Authority.open(directory).certificate_file.read_bytes()!r}\n"}


def test_who_comes_while_another_makes_the_authority_waits_for_it(
    directory: Path, stranger: Authority
) -> None:
    private_directory(directory)
    opened: list[Authority] = []
    second = threading.Thread(target=lambda: opened.append(Authority.open(directory)))

    with locked(directory / "lock"):
        second.start()
        second.join(0.2)
        (directory / KEY).write_bytes(stranger.certificate_file.with_name(KEY).read_bytes())
    second.join()

    assert opened[0].certificate_file.read_bytes() == stranger.certificate_file.read_bytes()


def test_only_the_user_can_read_the_directory_and_every_file_in_it(directory: Path) -> None:
    Authority.open(directory).server_context()

    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in directory.iterdir()} == {0o600}


def test_the_key_is_in_no_file_that_clients_are_given(directory: Path) -> None:
    authority = Authority.open(directory)

    for file in (authority.certificate_file, authority.bundle_file):
        assert b"PRIVATE KEY" not in file.read_bytes()


def test_a_servers_key_is_left_in_no_file(directory: Path) -> None:
    Authority.open(directory).server_context()

    assert {each.name for each in directory.iterdir()} == {
        KEY,
        "authority.pem",
        "bundle.pem",
        "lock",
    }


def expired() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    yesterday = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(yesterday - timedelta(days=1)).not_valid_after(yesterday)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem + builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def mismatched() -> bytes:
    return trustme.CA().private_key_pem.bytes() + trustme.CA().cert_pem.bytes()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no key and certificate"),
        (trustme.CA().cert_pem.bytes(), "no key and certificate"),
        (mismatched(), "not the certificate's"),
        (expired(), "expired on 20"),
    ],
    ids=["empty", "no key", "mismatched", "expired"],
)
def test_an_unusable_authority_is_replaced_with_a_warning(
    directory: Path, content: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = Authority.open(directory).certificate_file.read_bytes()
    (directory / KEY).write_bytes(content)

    after = Authority.open(directory).certificate_file.read_bytes()

    assert after != before
    assert [f"{directory / KEY}: " in line and reason in line for line in caplog.messages] == [True]
    assert Authority.open(directory).certificate_file.read_bytes() == after


def test_without_a_directory_it_is_kept_in_mock_bitrix_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOCK_BITRIX_HOME", str(tmp_path / "mine"))

    assert Authority.open().certificate_file.is_relative_to(tmp_path / "mine")


def test_a_place_that_cannot_be_used_is_named_with_what_helps(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(AuthorityError, match=r"file.*; set MOCK_BITRIX_HOME"):
        Authority.open(tmp_path / "file" / "authority")


def test_a_name_that_no_certificate_can_carry_is_refused_at_the_start(authority: Authority) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        authority.server_context(["not a name.test"])
