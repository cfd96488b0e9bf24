# Everything marked `long`: large files, soaks.
set -euo pipefail
.venv/bin/python -m pytest -q -m "long and not browser" --ignore=tests/clients
