# The pages in a real browser.
set -euo pipefail
.venv/bin/pip install --quiet --disable-pip-version-check playwright
command -v npm >/dev/null || { ${SUDO:-} apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null; }
(cd tests/console/js && npm ci --silent --no-audit --no-fund)
.venv/bin/python -m pytest -q -m browser
