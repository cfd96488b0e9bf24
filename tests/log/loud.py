"""`python -m tests.log.loud …`: the program, with every logger at its loudest, and mistakes in it.

Whatever a library could tell at any level is written to standard error, tracebacks included; and
what never fails fails here, with secrets in the message, as a mistake of ours would.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from typing import Any

from mock_bitrix.cli import main
from mock_bitrix.control import environment
from mock_bitrix.events.deliver import Deliverer
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.registry import method
from mock_bitrix.rest.work import Anything
from mock_bitrix.storage.database import StorageError
from tests.log import secrets

ALL = f"{secrets.ACCESS} {secrets.WEBHOOK} {secrets.CLIENT_SECRET}"

TASKS: list[asyncio.Task[None]] = []


class Grave:
    """Fails when it is destroyed."""

    def __del__(self) -> None:
        raise RuntimeError(ALL)


@method("fail.call", Anything)
def fail_call(call: Call, wanted: Anything) -> None:
    """A mistake of ours that shows what it works with."""
    raise RuntimeError(f"{ALL} {wanted.given} {call.emulator.settings.control_key}")


@method("fail.database", Anything)
def fail_database(_call: Call, _wanted: Anything) -> None:
    """A database that shows the row it could not write."""
    raise StorageError(f'duplicate key value "{ALL}"\nDETAIL: Key (token)=({ALL}) exists.')


@method("fail.thread", Anything)
def fail_thread(_call: Call, _wanted: Anything) -> bool:
    """Mistakes where nobody listens: in a thread, in a destructor, in the event loop."""
    threading.Thread(target=int, args=(ALL,)).start()
    Grave()
    loop = asyncio.get_running_loop()
    loop.call_soon(_explode, ALL)
    TASKS.append(loop.create_task(_never_awaited()))
    loop.call_later(0.05, TASKS.clear)
    return True


def _explode(given: str) -> None:
    raise RuntimeError(given)


async def _never_awaited() -> None:
    raise RuntimeError(ALL)


def _fails(*_: Any) -> Any:
    raise RuntimeError(ALL)


def _sort(self: Deliverer, letters: Any) -> None:
    explosive = [letter for letter in letters if "explode" in letter.handler]
    _usual_sort(self, [letter for letter in letters if letter not in explosive])
    if explosive:
        raise RuntimeError(str(explosive))


_usual_sort = Deliverer._sort

if __name__ == "__main__":
    if "--crash" in sys.argv:
        from mock_bitrix import starting

        sys.argv.remove("--crash")
        setattr(starting, "started", _fails)  # noqa: B010
    logging.basicConfig(level=1, stream=sys.stderr)
    Deliverer._sort = _sort  # type: ignore[method-assign]
    setattr(environment, "_credentials", _fails)  # noqa: B010
    main(prog_name="mock-bitrix")
