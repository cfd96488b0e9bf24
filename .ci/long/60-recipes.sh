# The recipes of docs/ci.md, by the tools that they are for.
set -euo pipefail
sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
missing=""
for each in docker-compose:docker-compose phpunit:phpunit javac:default-jdk-headless node:nodejs npm:npm; do
  command -v "${each%%:*}" >/dev/null || missing="$missing ${each##*:}"
done
if [ -n "$missing" ]; then
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
.venv/bin/pip install --quiet --disable-pip-version-check check-jsonschema testcontainers mypy
(cd tests/recipes/js && npm ci --silent --no-audit --no-fund)
RECIPES_COMPLETE=1 .venv/bin/python -m pytest -q tests/recipes -m "long or not long"
