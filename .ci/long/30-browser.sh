# The pages in a real browser.
set -euo pipefail
.venv/bin/pip install --quiet --disable-pip-version-check playwright
.venv/bin/python -m pytest -q -m browser
