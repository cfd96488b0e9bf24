# The client libraries with their own retries and pauses, JavaScript's and PHP's included.
set -euo pipefail
command -v npm >/dev/null || { ${SUDO:-} apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null; }
(cd tests/clients/js && npm ci --silent --no-audit --no-fund)
.venv/bin/python -m pytest -q tests/clients -m "long or not long"
