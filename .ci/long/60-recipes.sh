# The recipes of docs/ci.md, by the tools that they are for.
set -euo pipefail
sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
for package in docker-compose phpunit default-jdk-headless nodejs npm; do
  case $package in
    docker-compose|phpunit) command -v "$package" ;;
    default-jdk-headless) command -v javac ;;
    nodejs) command -v node ;;
    npm) command -v npm ;;
  esac >/dev/null || DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$package" >/dev/null
done
.venv/bin/pip install --quiet --disable-pip-version-check check-jsonschema testcontainers mypy
(cd tests/recipes/js && npm ci --silent --no-audit --no-fund)
RECIPES_COMPLETE=1 .venv/bin/python -m pytest -q tests/recipes -m "long or not long"
