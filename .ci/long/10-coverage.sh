# Branch coverage of the default run: at least 95 %.
set -euo pipefail
.venv/bin/python -m pytest -q -n 2 --cov --cov-report=term:skip-covered --cov-fail-under=95
