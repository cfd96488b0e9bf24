from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.environment import (
    Variable,
    as_dict,
    as_shell,
    client_environment,
    php_option,
)


def test_every_variable_has_its_value_and_says_what_reads_it(authority: Authority) -> None:
    variables = client_environment(authority, 8025, {})

    own, both = str(authority.certificate_file), str(authority.bundle_file)
    assert as_dict(variables) == {
        "HTTPS_PROXY": "http://127.0.0.1:8025",
        "https_proxy": "http://127.0.0.1:8025",
        "NO_PROXY": "127.0.0.1,localhost,::1",
        "no_proxy": "127.0.0.1,localhost,::1",
        "REQUESTS_CA_BUNDLE": both,
        "NODE_EXTRA_CA_CERTS": own,
        "SSL_CERT_FILE": both,
        "CURL_CA_BUNDLE": both,
        "PHP_INI_SCAN_DIR": f"{os.pathsep}{authority.bundle_file.parent / 'php'}",
    }
    assert all(each.readers for each in variables)


def test_without_a_proxy_only_the_authority_is_told(authority: Authority) -> None:
    assert not [each for each in client_environment(authority) if "proxy" in each.name.lower()]


def test_php_reads_its_ini_file_and_goes_on_reading_the_users(authority: Authority) -> None:
    value = as_dict(client_environment(authority, None, {"PHP_INI_SCAN_DIR": "/etc/mine"}))

    known, own = value["PHP_INI_SCAN_DIR"].split(os.pathsep)
    assert known == "/etc/mine"
    assert f'curl.cainfo = "{authority.bundle_file}"' in (Path(own) / "mock-bitrix.ini").read_text()


def test_a_run_inside_a_run_names_phps_directory_once(authority: Authority) -> None:
    outer = as_dict(client_environment(authority, None, {}))

    assert as_dict(client_environment(authority, None, outer)) == outer


def test_the_php_option_is_safe_to_paste(tmp_path: Path) -> None:
    authority = Authority.open(tmp_path / "a b")

    assert shlex.split(php_option(authority)) == ["-d", f"curl.cainfo={authority.bundle_file}"]


@pytest.mark.parametrize("line", ['eval "$(cat)"', "eval $(cat)"], ids=["quoted", "unquoted"])
def test_any_shell_reads_the_lines_back_byte_for_byte(line: str) -> None:
    awkward = "a b'c\"d$(touch x)`e`\\f;#"
    variables = [Variable("ONE", awkward, "it's read; by $one"), Variable("TWO", "2", "by two")]

    ran = subprocess.run(
        ["sh", "-c", f'{line}; printf "%s|%s" "$ONE" "$TWO"'],
        input=as_shell(variables),
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout == f"{awkward}|2"


def test_the_shell_lines_say_what_reads_each_variable() -> None:
    assert as_shell([Variable("A", "1", "all")]) == "export A=1;\n# A: all\n"
