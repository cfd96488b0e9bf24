"""The least that a server of this kind can do: import the three, answer one request."""

from __future__ import annotations

import sys

import fastapi
import sqlalchemy
import uvicorn

from tests.benchmarks.bare_static import static

assert fastapi
assert sqlalchemy

uvicorn.run(static, port=int(sys.argv[1]), log_level="critical", access_log=False)
