# Branch coverage of the default run, with all processes that it starts: printed, and at least 95 %.
set -euo pipefail
.venv/bin/coverage erase
.venv/bin/coverage run -m pytest -q
.venv/bin/coverage combine --quiet
.venv/bin/coverage report --skip-covered --fail-under=95
