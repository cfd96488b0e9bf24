# Everything marked `long` but the proofs: large files, soaks; and properties with many more examples.
set -euo pipefail
.venv/bin/python -m pytest -q -m "long and not browser" \
  --ignore=tests/clients --ignore=tests/proof --ignore=tests/recipes
.venv/bin/python -m pytest -q -m "hypothesis and not long and not browser" --hypothesis-profile=thorough
