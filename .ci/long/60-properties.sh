# The properties again, with many more examples.
set -euo pipefail
.venv/bin/python -m pytest -q -m "hypothesis and not long and not browser" --hypothesis-profile=thorough
