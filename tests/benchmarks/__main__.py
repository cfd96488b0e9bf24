"""`python -m tests.benchmarks [--quick] [--json FILE] [--table FILE] [WORK …]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path

from tests.benchmarks.figures import as_data, table
from tests.benchmarks.works import WORKS, run


def main() -> int:
    """Measure, print the table; 1 where a limit doesn't hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("work", nargs="*", choices=[*WORKS, []], help="what to measure; all")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, fewer runs")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--table", type=Path, help="write the table there")
    given = parser.parse_args()
    figures = list(run(given.work or list(WORKS), quick=given.quick))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    machine = f"{python}, {os.cpu_count()} processors"
    shown = f"{machine}\n\n{table(figures)}\n"
    sys.stdout.write(shown)
    if given.json:
        written = {"machine": machine, "quick": given.quick, "figures": as_data(figures)}
        given.json.write_text(json.dumps(written, indent=2) + "\n")
    if given.table:
        given.table.write_text(shown)
    return 0 if all(each.holds for each in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
