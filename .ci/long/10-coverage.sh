# Branch coverage of the default run: at least 95 %.
set -euo pipefail
.venv/bin/python -m pytest -q --cov --cov-report=term:skip-covered --cov-fail-under=95
