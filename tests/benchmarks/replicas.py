"""`python -m tests.benchmarks.replicas [--address postgresql://…] [N …]`: replicas on PostgreSQL.

So many server processes share one database, as if on several hosts. Measured is what they ask of
PostgreSQL: that is what all of them share. Where the server is on this machine (Linux), its
processor time is counted too; it depends little on what else the machine does. What idle replicas
ask is in all figures: it weighs where little else is done.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_bitrix.portal.document import Document
from mock_bitrix.portal.loading import install
from mock_bitrix.storage.opening import open_database
from tests import databases
from tests.benchmarks import data, servers
from tests.benchmarks.load import Load, post
from tests.benchmarks.worker import Worker, reserve_and_confirm

SECONDS = 3.0
ROWS = 10_000
LATE = 1.2
"""Seconds until PostgreSQL has counted what was done."""

CALLERS = 4
"""Connections to each replica."""

BINDING = {"event": "ONAPPTEST", "type": "offline", "auth_connector": "benchmark"}

POLL = post("/rest/event.offline.get", f'{{"auth":"{data.TOKEN}"}}'.encode())
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass
class Cost:
    """What a piece of work took: of time, and of PostgreSQL."""

    seconds: float
    transactions: float
    processor: float | None
    log: float


class Observer:
    """Looks at PostgreSQL from outside."""

    def __init__(self, address: str) -> None:
        import psycopg

        self._connection: Any = psycopg.connect(address, autocommit=True)
        self._main = _parent(self._connection.info.backend_pid)

    def one(self, query: str) -> Any:
        """A single value."""
        return self._connection.execute(query).fetchone()[0]

    def connections(self) -> int:
        """Sessions on the database beside this one."""
        sessions = "FROM pg_stat_activity WHERE datname = current_database()"
        return int(self.one(f"SELECT count(*) - 1 {sessions}"))

    def cost(self, work: Callable[[], float]) -> tuple[float, Cost]:
        """What a piece of work gives and costs."""
        before, begun = self._state(), time.perf_counter()
        given = work()
        took = time.perf_counter() - begun
        after = self._state()
        commits, log, processor = (b - a for a, b in zip(before, after, strict=True))
        return given, Cost(took, commits, processor if self._main else None, log)

    def _state(self) -> tuple[float, float, float]:
        time.sleep(LATE)
        commits = self.one(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database "
            "WHERE datname = current_database()"
        )
        log = self.one("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
        return float(commits), float(log), _processor(self._main)

    def close(self) -> None:
        """Look no more."""
        self._connection.close()


def _parent(pid: int) -> int:
    """The process that all of PostgreSQL's belong to; 0 where that can't be seen."""
    with contextlib.suppress(OSError):
        return int(_fields(pid)[1])
    return 0


def _processor(main: int) -> float:
    """Seconds that PostgreSQL's processes have used, those that have ended included."""
    total = 0.0
    for entry in Path("/proc").glob("[0-9]*") if main else ():
        with contextlib.suppress(OSError):
            fields = _fields(int(entry.name))
            if int(fields[1]) == main:
                total += sum(map(int, fields[11:13])) / TICKS
            elif int(entry.name) == main:
                total += sum(map(int, fields[11:15])) / TICKS
    return total


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()


def prepared(url: str) -> None:
    """A portal in a new database."""
    database = open_database(url)
    [app] = data.PORTAL["apps"]
    document = {**data.PORTAL, "apps": [{**app, "bindings": [BINDING]}]}  # type: ignore[dict-item]  # a document
    install(database, Document.model_validate(document))
    database.close()


def filled(address: str, first: int) -> None:
    """Its queue with so many rows more."""
    import psycopg

    into = f"COPY queue ({data.COLUMNS}) FROM STDIN"
    with psycopg.connect(address) as connection, connection.cursor().copy(into) as copy:
        for row in data.rows(ROWS, time.time()):
            fields = list(row)
            fields[3] = first + int(row[3])  # type: ignore[call-overload]  # the id
            copy.write_row(fields)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ANALYZE queue")


def together(ports: list[int], work: Callable[[int], Any]) -> float:
    """The same work at every replica at once; the sum of what it gives."""
    given: list[float] = []

    def at(port: int) -> None:
        given.append(work(port))

    threads = [threading.Thread(target=at, args=(port,)) for port in ports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(given)


def polled(port: int) -> float:
    """Polls of an empty queue."""
    load = Load(POLL, seconds=SECONDS)
    load.run(port, CALLERS)
    return load.answers


def taken(port: int) -> float:
    """Takes of 50 and their confirmations, until nothing is left."""
    return reserve_and_confirm(port, data.TOKEN, CALLERS)


def put(port: int) -> float:
    """Changes, each of them a new row of the same portal; how many."""
    with ThreadPoolExecutor(CALLERS) as pool:
        return sum(pool.map(_changes, [port] * CALLERS))


def _changes(port: int) -> int:
    worker, done, ends = Worker(port, data.TOKEN), 0, time.perf_counter() + SECONDS
    while time.perf_counter() < ends:
        worker.call("event.test", f'"number":"{port}.{threading.get_ident()}.{done}"')
        done += 1
    worker.close()
    return done


def idle(_port: int) -> float:
    """Nothing."""
    time.sleep(SECONDS)
    return 0


def measured(address: str, url: str, number: int) -> Iterator[str]:
    """The figures for so many replicas, a line each."""
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(servers.emulator(url))[0] for _ in range(number)]
        observer = stack.enter_context(contextlib.closing(Observer(address)))
        _, nothing = observer.cost(lambda: together(ports, idle))
        yield shown(
            number, "idle, a second and replica", nothing, number * (nothing.seconds + LATE)
        )
        polls, cost = observer.cost(lambda: together(ports, polled))
        yield shown(number, f"poll ({polls / cost.seconds:,.0f}/s)", cost, polls)
        puts, cost = observer.cost(lambda: together(ports, put))
        yield shown(number, f"change ({puts / cost.seconds:,.0f}/s)", cost, puts)
        filled(address, number * 1_000_000)
        _, cost = observer.cost(lambda: together(ports, taken))
        work = f"take 50, confirm ({ROWS / cost.seconds:,.0f} rows/s)"
        yield shown(number, work, cost, ROWS / 50)
        yield f"| {number} | connections | {observer.connections()} | | |"


def shown(number: int, what: str, cost: Cost, times: float) -> str:
    """One line of the table."""
    processor = "" if cost.processor is None else f"{cost.processor / times * 1000:.2f} ms"
    log = f"{cost.log / times / 1024:.1f} kB"
    return f"| {number} | {what} | {cost.transactions / times:.1f} | {processor} | {log} |"


def main() -> None:
    """Measure, print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.replicas")
    parser.add_argument("replicas", nargs="*", type=int, default=[1, 2, 4, 8])
    parser.add_argument("--address", help="postgresql://… of a server to make databases on")
    given = parser.parse_args()
    server = databases.PostgreSql(given.address) if given.address else databases.postgresql()
    url = server.database()
    prepared(url)
    address = url.replace("+psycopg", "")
    sys.stdout.write(f"{os.cpu_count()} processors\n\n")
    sys.stdout.write("| replicas | work | transactions | PostgreSQL's processor | log |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- |\n")
    for number in given.replicas:
        for line in measured(address, url, number):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
