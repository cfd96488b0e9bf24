# Branch coverage of the default run: printed, and at least 90 %.
set -euo pipefail
.venv/bin/python -m pytest -q --cov --cov-report=term:skip-covered --cov-fail-under=90
