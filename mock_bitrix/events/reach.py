"""Which handlers may be called: loopback, private addresses, and the hosts that are named."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Collection

MAPPED = "::ffff:"


class NotAllowed(OSError):
    """No address of the handler may be called; `--allow-delivery-to` would allow its host."""


async def addresses_of(host: str, port: int, allowed: Collection[str]) -> list[str]:
    """The addresses of a host that may be called, in the resolver's order.

    The name is looked up once, and the caller connects to what was found: an answer that changes
    in between leads nowhere. Raises `NotAllowed`, and `OSError` for an unknown name.
    """
    found = await _looked_up(host, port)
    if host.lower() in allowed:
        return found
    near = [address for address in found if is_near(address) or address in allowed]
    if not near:
        raise NotAllowed(f"{host} is neither loopback nor private; see --allow-delivery-to")
    return near


def is_near(address: str) -> bool:
    """Whether an address is loopback or private. Link-local ones, where clouds keep keys, aren't.

    >>> is_near("127.0.0.1"), is_near("169.254.169.254"), is_near("::ffff:8.8.8.8")
    (True, False, False)
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    plain = getattr(found, "ipv4_mapped", None) or found
    return bool(plain.is_loopback or (plain.is_private and not plain.is_link_local))


async def _looked_up(host: str, port: int) -> list[str]:
    """The resolver's answer, from a thread that nobody waits for when the server ends."""
    with contextlib.suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str] | OSError] = loop.create_future()

    def settle(found: list[str] | OSError) -> None:
        if not answer.done():
            answer.set_result(found)

    def look_up() -> None:
        found = _resolved(host, port)
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, found)

    threading.Thread(target=look_up, name="handler-lookup", daemon=True).start()
    found = await answer
    if isinstance(found, OSError):
        raise found
    return found


def _resolved(host: str, port: int) -> list[str] | OSError:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError:
        return OSError(f"{host} is no host name")
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))
