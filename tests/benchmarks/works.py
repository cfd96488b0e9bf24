"""What is measured. Each work gives figures; within a run, the compared take turns."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain, count, islice, repeat
from pathlib import Path

from tests.benchmarks import data, servers, workbench
from tests.benchmarks.figures import Figure, figure
from tests.benchmarks.load import Load, post

RUNS = 5
SECONDS = 2.0
POLL = f'{{"auth":"{data.TOKEN}"}}'.encode()
GET = "/rest/event.offline.get"


class Scale:
    """How large: the numbers of the targets, or a tenth of them for a quick look."""

    def __init__(self, *, quick: bool) -> None:
        self.drained = 50_000 if quick else 500_000
        self.large = 100_000 if quick else 1_000_000
        self.runs = 3 if quick else RUNS
        self.seconds = 1.0 if quick else SECONDS


def polls(scale: Scale, room: Path) -> Iterator[Figure]:
    """A poll of an empty queue, against static answers."""
    url = data.database(room / "polls.sqlite", 0)
    with (
        servers.emulator(url) as (port, _),
        servers.bare("uvicorn") as uvicorn,
        servers.bare("fastapi") as fastapi,
        servers.installed(*servers.PRISM) as prism,
        servers.installed(*servers.MOCKOON) as mockoon,
    ):
        ports = {"mock-bitrix": port, "uvicorn": uvicorn, "fastapi": fastapi}
        ports |= {name: port for name, port in (("prism", prism), ("mockoon", mockoon)) if port}
        rates: dict[str, list[float]] = {name: [] for name in ports}
        for _ in range(3 * scale.runs + 1):  # short turns: a machine has slow and fast seconds
            for name, where in ports.items():
                rates[name].append(Load(post(GET, POLL), seconds=scale.seconds / 2).rate(where))
    _say(", ".join(f"{k} {statistics.median(v[1:]):,.0f}/s" for k, v in rates.items()))
    work = "poll of an empty queue"
    for name, against, limit, aim in (
        ("uvicorn", "bare uvicorn", 0.22, 0.40),
        ("fastapi", "bare FastAPI route", 0.75, 1.2),
        ("prism", "Prism's static answer", 2.5, 4),
        ("mockoon", "Mockoon's static answer", 2.5, 4),
    ):
        if name in rates:
            pairs = zip(rates["mock-bitrix"][1:], rates[name][1:], strict=True)
            yield figure(work, against, [ours / theirs for ours, theirs in pairs], limit, aim)


def drains(scale: Scale, room: Path) -> Iterator[Figure]:
    """Taking everything, 50 at a time."""
    template = room / "drain.sqlite"
    data.database(template, scale.drained)
    ratios, ours_all, raw_all = [], [], []
    for _ in range(scale.runs):
        ours = _drained(_copy(template, room / "ours.sqlite"), scale.drained)
        raw = data.raw_drain(_copy(template, room / "raw.sqlite"), scale.drained)
        ratios.append(ours / raw)
        ours_all.append(ours)
        raw_all.append(raw)
    _say(f"{statistics.median(ours_all):,.0f} rows/s, raw {statistics.median(raw_all):,.0f} rows/s")
    yield figure(
        "drain, `limit` 50, `clear` 1, in rows a second", "raw sqlite3 claim", ratios, 0.5, 0.8
    )


def _drained(file: Path, count: int) -> float:
    with servers.emulator(f"sqlite:///{file}") as (port, _):
        load = Load(post(GET, POLL), done=lambda answer: b'"events":[]' in answer)
        return count / load.run(port)


def confirms(scale: Scale, room: Path) -> Iterator[Figure]:
    """Reserving 50 rows, then confirming them."""
    count = scale.drained // 5
    template = room / "confirm.sqlite"
    data.database(template, count)
    ratios = []
    for _ in range(scale.runs):
        ours = _confirmed(_copy(template, room / "ours.sqlite"), count)
        raw = data.raw_confirm(_copy(template, room / "raw.sqlite"), count)
        _say(f"{ours:,.0f} rows/s, raw {raw:,.0f} rows/s")
        ratios.append(ours / raw)
    yield figure("reserve 50, then confirm", "the same in raw sqlite3", ratios, 0.4, 0.6)


def _confirmed(file: Path, count: int) -> float:
    from tests.benchmarks.worker import reserve_and_confirm

    with servers.emulator(f"sqlite:///{file}") as (port, _):
        return count / reserve_and_confirm(port, data.TOKEN)


TAKES = 9
"""In a row, for one figure: the last one still finds over half of 1,000 rows."""

FILTERS = {
    "no filter": "{}",
    "ID": '{">=ID":%d}',
    "TIMESTAMP_X": '{">=TIMESTAMP_X":"2001-01-01"}',
    "EVENT_NAME": '{"=EVENT_NAME":"ONCRMLEADADD"}',
    "MESSAGE_ID": '{"=MESSAGE_ID":"%s"}',
}


def depths(scale: Scale, room: Path) -> Iterator[Figure]:
    """One take of 50 out of many rows, in the time of one out of 1,000."""
    small, large = room / "small.sqlite", room / "large.sqlite"
    data.database(small, 1_000)
    data.database(large, scale.large)
    with servers.emulator(f"sqlite:///{large}") as (many, pid):
        for name, pattern in FILTERS.items():
            wanted = (_filter(pattern, number) for number in count(scale.large // 2))
            ratios = []
            for _ in range(2 * scale.runs + 1):
                few = _take_time_of_few(small)
                ratios.append(_take_time(many, wanted) / few)
            _say(f"{name}: {statistics.median(ratios[1:]):.2f}")
            limit, aim = (1.3, 1.1) if name == "no filter" else (3, 1.5)
            work = f"one take of 50 from {scale.large:,} rows, {name}"
            yield figure(work, "one from 1,000 rows", ratios[1:], limit, aim, at_most=True)
        _fill_the_journal(many)
        resident = _resident(pid) / 1e6
    yield figure(
        f"resident memory, {scale.large:,} rows queued, journal full",
        "nothing", [resident], 90, 70, unit="MB", at_most=True,
    )  # fmt: skip


def _fill_the_journal(port: int) -> None:
    """Take until it remembers no more."""
    from tests.benchmarks.worker import Worker

    worker = Worker(port, data.TOKEN)
    for _ in range(1_000):
        worker.call("event.offline.get", '"clear":1')
    worker.close()


def _filter(pattern: str, number: int) -> str:
    """Not always the same rows, so that each take finds some."""
    from mock_bitrix.queue.message_id import message_id

    if "%s" in pattern:
        return pattern % message_id("ONCRMLEADADD", {"FIELDS": {"ID": number}})
    return pattern % number if "%d" in pattern else pattern


def _take_time_of_few(template: Path) -> float:
    """Seconds of a take from a short queue."""
    file = _copy(template, template.with_name("few.sqlite"))
    with servers.emulator(f"sqlite:///{file}") as (port, _):
        return _take_time(port, repeat("{}"))


def _take_time(port: int, wanted: Iterator[str]) -> float:
    """Seconds of a take, the median of some, each with the next of the conditions.

    Takes of nothing come first: a server that has waited finds its processor's caches cold.
    """
    from tests.benchmarks.worker import Worker

    worker = Worker(port, data.TOKEN)
    times = []
    for conditions in chain(repeat('{"=MESSAGE_ID":"none"}', TAKES), islice(wanted, TAKES)):
        begun = time.perf_counter()
        worker.call("event.offline.get", f'"clear":1,"filter":{conditions}')
        times.append(time.perf_counter() - begun)
    worker.close()
    return statistics.median(times[TAKES:])


def workers(scale: Scale, room: Path) -> Iterator[Figure]:
    """Two workers on two processors, against one."""
    url = data.database(room / "workers.sqlite", 0)
    ratios = []
    with servers.emulator(url) as (one, _), servers.emulator(url, "--workers", "2") as (two, _):
        for _ in range(scale.runs + 1):
            single = _rate_of_two(one, scale)
            ratios.append(_rate_of_two(two, scale) / single)
    yield figure("polls, 2 workers", "1 worker", ratios[1:], 1.5, 1.8)


def _rate_of_two(port: int, scale: Scale) -> float:
    return Load(post(GET, POLL), seconds=scale.seconds).rate(port)


def loading(scale: Scale, room: Path) -> Iterator[Figure]:
    """Loading JSON Lines, against raw `executemany`."""
    count = scale.large // 5
    file = room / "rows.jsonl"
    with file.open("w") as output:
        output.writelines(data.lines(count))
    ratios = []
    for _ in range(scale.runs):
        raw = _raw_load(room / "raw.sqlite", count)
        ours = _load(room / "ours.sqlite", file)
        _say(f"{count / ours:,.0f} rows/s, raw {count / raw:,.0f} rows/s")
        ratios.append(raw / ours)
    yield figure("loading JSON Lines", "raw executemany", ratios, 0.4, 0.7)


def _raw_load(target: Path, count: int) -> float:
    _remove(target)
    data.database(target, 0)
    prepared = list(data.rows(count, time.time()))
    raw = data._connect(target)
    data.use_plain_index(raw)  # ours pays for its triggers, raw doesn't
    begun = time.perf_counter()
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany(data.INSERT, prepared)
    raw.execute("COMMIT")
    took = time.perf_counter() - begun
    raw.close()
    return took


def _load(target: Path, file: Path) -> float:
    from mock_bitrix.fixture.loading import load_paths
    from mock_bitrix.storage.opening import open_database

    _remove(target)
    opened = open_database(data.database(target, 0))
    begun = time.perf_counter()
    load_paths(opened, [str(file)], extend=True)
    took = time.perf_counter() - begun
    opened.close()
    return took


def starts(scale: Scale, room: Path) -> Iterator[Figure]:
    """From nothing to the first answer, with bytecode, as of a package that pip has installed."""
    ratios, bytecode = [], room / "bytecode"
    for run in range(3 * scale.runs + 1):  # short turns; the first writes the bytecode
        bare = _start(["tests.benchmarks.bare_start"], bytecode)
        ours = _start(["mock_bitrix", "serve", "--port"], bytecode)
        if run:
            ratios.append(ours / bare)
            _say(f"{ours:.3f} s, bare {bare:.3f} s")
    yield figure("process start to first answer", "a bare script", ratios, 1.6, 1.2, at_most=True)


def _start(module: list[str], bytecode: Path) -> float:
    from tests.benchmarks.worker import first_answer

    port = servers.free_port()
    command = [sys.executable, "-m", *module, str(port)]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    begun = time.perf_counter()
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    first_answer(port)
    took = time.perf_counter() - begun
    running.terminate()
    running.wait(10)
    return took


def _resident(pid: int) -> int:
    """Resident bytes of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _copy(template: Path, target: Path) -> Path:
    _remove(target)
    shutil.copyfile(template, target)
    return target


def _remove(target: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)


def _say(line: str) -> None:
    sys.stderr.write(f"    {line}\n")


def portals(scale: Scale, room: Path) -> Iterator[Figure]:
    """Making a portal."""
    return workbench.portals(scale.runs, room)


def journal(scale: Scale, room: Path) -> Iterator[Figure]:
    """Remembering every call."""
    return workbench.journal(scale.runs, scale.seconds, room)


WORKS = {
    "polls": polls,
    "drains": drains,
    "confirms": confirms,
    "depths": depths,
    "workers": workers,
    "loading": loading,
    "starts": starts,
    "portals": portals,
    "journal": journal,
}


def run(names: list[str], *, quick: bool) -> Iterator[Figure]:
    """Measure, one work after the other."""
    for name in names:
        sys.stderr.write(f"{name}\n")
        with tempfile.TemporaryDirectory(prefix="mock-bitrix-bench-") as room:
            yield from WORKS[name](Scale(quick=quick), Path(room))
