from __future__ import annotations

from pathlib import Path

import certifi
import pytest

from mock_bitrix.tls import bundle as room
from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.bundle import bundle, certificates, system_authorities


@pytest.fixture
def corporate(stranger: Authority, monkeypatch: pytest.MonkeyPatch) -> str:
    """The certificate of an authority that the user's environment names."""
    monkeypatch.setenv("SSL_CERT_FILE", str(stranger.certificate_file))
    return stranger.certificate_file.read_text().strip()


def test_the_bundle_holds_the_own_authority_and_the_systems(
    authority: Authority, corporate: str, tmp_path: Path
) -> None:
    own = authority.certificate_file.read_text()

    held = certificates(bundle(own, tmp_path / "bundle.pem").decode())

    assert held == [own.strip(), corporate]


def test_the_bundle_is_made_anew_at_each_start(directory: Path, corporate: str) -> None:
    authority = Authority.open(directory)
    authority.bundle_file.write_text("old")

    assert corporate in Authority.open(directory).bundle_file.read_text()


def test_a_run_inside_a_run_reads_the_system_instead_of_its_own_bundle(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Authority.open(directory).bundle_file
    first = file.read_bytes()
    file.write_bytes((directory / "authority.pem").read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    Authority.open(directory)

    assert file.read_bytes() == first
    assert len(certificates(first.decode())) > 1


def test_where_no_file_is_known_certifi_serves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(room, "_files", lambda: iter([tmp_path / "missing"]))
    monkeypatch.setattr(room, "_loaded", list)

    found = system_authorities(tmp_path / "bundle.pem")

    assert found == certificates(Path(certifi.where()).read_text())


def test_where_python_loads_authorities_itself_those_serve(
    corporate: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(room, "_files", lambda: iter([tmp_path / "missing"]))

    assert system_authorities(tmp_path / "bundle.pem") == [corporate]
