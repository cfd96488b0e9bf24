"""Carries bytes between two connections, both ways, no faster than each side reads."""

from __future__ import annotations

import asyncio
import contextlib
from typing import NamedTuple

CHUNK = 65536


class Connection(NamedTuple):
    """The two halves of one open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def end(self) -> None:
        """Says the last word; the other side may go on talking."""
        if not self.writer.is_closing():
            self.writer.write_eof()

    def abort(self) -> None:
        """Ends the connection at once; what was not sent yet is lost."""
        self.writer.transport.abort()

    async def close(self) -> None:
        """Ends the connection once everything is sent."""
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()


async def join(one: Connection, other: Connection) -> None:
    """Carries until both sides have said their last, or one of them breaks off."""
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(_carry(one, other))
            both.create_task(_carry(other, one))
    except* OSError:
        one.abort()
        other.abort()


async def _carry(source: Connection, sink: Connection) -> None:
    while data := await source.reader.read(CHUNK):
        sink.writer.write(data)
        await sink.writer.drain()
    sink.end()
