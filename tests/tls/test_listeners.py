from __future__ import annotations

import asyncio
import signal
import ssl

import httpx
import pytest

from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.listeners import HttpsListener, bound_socket
from tests.tls.conftest import Emulator, echo


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.certificate_file))


def test_https_is_served_to_who_trusts_the_authority(emulator: Emulator) -> None:
    address = f"localhost:{emulator.listener.port}"

    seen = httpx.get(
        f"https://{address}/rest/x", verify=trusting(emulator.authority), trust_env=False
    ).json()

    assert seen == {"scheme": "https", "host": address, "path": "/rest/x"}


def test_who_trusts_another_authority_refuses(emulator: Emulator, stranger: Authority) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(
            f"https://localhost:{emulator.listener.port}/",
            verify=trusting(stranger),
            trust_env=False,
        )


def test_a_taken_port_is_an_error_at_once(emulator: Emulator) -> None:
    with pytest.raises(OSError, match="in use"):
        bound_socket(port=emulator.listener.port)


def test_stopping_does_not_wait_for_an_idle_client(authority: Authority) -> None:
    async def story() -> int:
        patient = HttpsListener(
            echo, authority.server_context(), bound_socket(), timeout_graceful_shutdown=None
        )
        await patient.start()
        async with httpx.AsyncClient(verify=trusting(authority), trust_env=False) as client:
            await client.get(f"https://localhost:{patient.port}/")
            await asyncio.wait_for(patient.stop(), 15)
            with pytest.raises(httpx.ConnectError):
                await client.get(f"https://localhost:{patient.port}/")
        return patient.port

    bound_socket(port=asyncio.run(story())).close()


def test_stopping_leaves_no_connection_to_a_client_that_stays(authority: Authority) -> None:
    called = asyncio.Event()

    async def never(scope: object, receive: object, send: object) -> None:
        called.set()
        await asyncio.Event().wait()

    async def story() -> None:
        listener = HttpsListener(
            never, authority.server_context(), bound_socket(), timeout_graceful_shutdown=0
        )
        await listener.start()
        _, writer = await asyncio.open_connection(
            "localhost", listener.port, ssl=trusting(authority)
        )
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await called.wait()
        await listener.stop()
        assert listener._server.server_state.connections == set()
        writer.close()

    asyncio.run(story())


def test_signals_stay_with_the_main_server(authority: Authority) -> None:
    async def story() -> object:
        listener = HttpsListener(echo, authority.server_context(), bound_socket())
        await listener.start()
        during = signal.getsignal(signal.SIGTERM)
        await listener.stop()
        return during

    assert asyncio.run(story()) is signal.getsignal(signal.SIGTERM)
