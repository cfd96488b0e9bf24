# What the server says of itself, tried out: the control API with every check but one, REST for
# server errors alone. Left out: that whatever its schema allows is accepted, since a schema can't
# say which names a catalogue or a portal has.
set -euo pipefail
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check schemathesis
# What must hold for every change is tried with one seed; another one searches further.
seed=${MOCK_BITRIX_PROOF_SEED:-11}
echo "MOCK_BITRIX_PROOF_SEED=$seed"

# try DOCUMENT BASE OPTIONS…
try() {
  .venv/bin/mock-bitrix run -- bash -c '"$0" run "$MOCK_BITRIX_URL$1" --url "$MOCK_BITRIX_URL$2" "${@:3}"' \
    "$tools/bin/st" "$1" "$2" --seed "$seed" --max-time 50 --phases examples,coverage,fuzzing \
    --no-shrink --no-color --warnings off --output-sanitize false "${@:3}" 2>>"$tools/log"
}

try /_mock/openapi.json /_mock --checks all --exclude-checks positive_data_acceptance
# Where PHP breaks at a wrong type, the real portal answers 500, so this one does. Whatever else is a
# server error is logged.
try /openapi.json "" --checks not_a_server_error --header "Authorization: Bearer demo.admin.token" \
  >"$tools/rest" || true
grep -A 99 "SUMMARY" "$tools/rest"
if grep -E "a call failed|the database failed|Traceback" "$tools/log"; then exit 1; fi
echo "What failed there are wrong types at which PHP breaks; nothing else was logged."
