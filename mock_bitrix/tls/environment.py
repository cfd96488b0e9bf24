"""The environment variables that point real clients at the proxy and at the authority."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.files import private_directory, write_private

NO_PROXY = "127.0.0.1,localhost,::1"


class Variable(NamedTuple):
    """One environment variable, and which programs read it."""

    name: str
    value: str
    readers: str


def client_environment(
    authority: Authority,
    proxy_port: int | None = None,
    environment: Mapping[str, str] = os.environ,
) -> list[Variable]:
    """What a client needs to trust `authority` and, with a `proxy_port`, to come by the proxy.

    Writes PHP's ini file beside the authority. `environment` is the one that the client would
    have without it: what PHP reads already, it goes on reading.
    """
    return [*_proxy(proxy_port), *_authorities(authority), _php(authority, environment)]


def php_option(authority: Authority) -> str:
    """The option of the `php` command that does for one run what the ini file does."""
    return f"-d curl.cainfo={shlex.quote(str(authority.bundle_file))}"


def as_shell(variables: Iterable[Variable]) -> str:
    """Lines for `eval` in any POSIX shell.

    The comments that say what reads each variable come last, so that an unquoted
    `eval $(...)`, which makes one line of it all, loses nothing but them.
    """
    known = list(variables)
    exports = [f"export {each.name}={shlex.quote(each.value)};" for each in known]
    comments = [f"# {each.name}: {each.readers}" for each in known if each.readers]
    return "\n".join([*exports, *comments]) + "\n"


def as_dict(variables: Iterable[Variable]) -> dict[str, str]:
    """Names and values, as for a child process or `--json`."""
    return {each.name: each.value for each in variables}


def _proxy(port: int | None) -> list[Variable]:
    if port is None:
        return []
    url = f"http://127.0.0.1:{port}"
    return [
        Variable("HTTPS_PROXY", url, "b24pysdk, b24jssdk, pybitrix24, most clients"),
        Variable("https_proxy", url, "the same, and whatever builds on libcurl: PHP, cURL"),
        Variable("NO_PROXY", NO_PROXY, "the same: what is on this machine is called directly"),
        Variable("no_proxy", NO_PROXY, "the same"),
    ]


def _authorities(authority: Authority) -> list[Variable]:
    own, both = str(authority.certificate_file), str(authority.bundle_file)
    return [
        Variable("REQUESTS_CA_BUNDLE", both, "Python's requests: b24pysdk"),
        Variable("NODE_EXTRA_CA_CERTS", own, "Node.js, beside its own: b24jssdk, @2bad/bitrix"),
        Variable("SSL_CERT_FILE", both, "OpenSSL, Python's ssl: fast_bitrix24, pybitrix24, httpx"),
        Variable("CURL_CA_BUNDLE", both, "the curl command"),
    ]


def _php(authority: Authority, environment: Mapping[str, str]) -> Variable:
    directory = str(_php_directory(authority))
    # An empty first entry stands for the directory that PHP was built with.
    known = environment.get("PHP_INI_SCAN_DIR", "").split(os.pathsep)
    entries = [entry for entry in known if entry != directory] or [""]
    readers = f"PHP: CRest, b24phpsdk; for one run: php {php_option(authority)}"
    return Variable("PHP_INI_SCAN_DIR", os.pathsep.join([*entries, directory]), readers)


def _php_directory(authority: Authority) -> Path:
    directory = private_directory(authority.bundle_file.parent / "php")
    path = str(authority.bundle_file).replace("\\", "\\\\").replace('"', '\\"')
    ini = f'curl.cainfo = "{path}"\nopenssl.cafile = "{path}"\n'
    write_private(directory / "mock-bitrix.ini", ini.encode())
    return directory
