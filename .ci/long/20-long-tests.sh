# The tests marked `long`.
set -euo pipefail
.venv/bin/python -m pytest -q -m long
