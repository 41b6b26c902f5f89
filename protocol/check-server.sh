#!/usr/bin/env bash
# Holds a running server to the contract: schemathesis sends what openapi.yaml allows and what it forbids, to every
# operation, with every check that it has, and fails on any answer that the contract does not describe.
#
# Usage: protocol/check-server.sh PATH-OF-OWP-SERVER [schemathesis options]
set -euo pipefail

cd "$(dirname "$0")/.."
server=$1
shift
work=$(mktemp -d)
stop() {
  [ -z "${pid:-}" ] || { kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; }
  rm -rf "$work"
}
trap stop EXIT

export OWP_ADMIN_TOKEN=${OWP_ADMIN_TOKEN:-$(head -c 24 /dev/urandom | base64 | tr -d '/+=')}
"$server" --port 0 --db "$work/pool.db" --log error >"$work/start" 2>"$work/log" &
pid=$!
for _ in $(seq 100); do
  url=$(sed -n 's/^.* is ready at //p' "$work/start")
  [ -z "$url" ] || break
  sleep 0.1
done
[ -n "$url" ] || { echo "error: the server did not start:" >&2; cat "$work/log" >&2; exit 1; }

post() {
  curl --fail --silent --show-error -H 'Content-Type: application/json' -H "X-Admin-Token: $OWP_ADMIN_TOKEN" "$url$1" -d "$2"
}
post /v1/admin/repos '{"repo": "owner/repo", "max_open_prs": 100}' >/dev/null
token=$(post /v1/workers/register '{"name": "checker"}' | python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')

.tooling/venv/bin/schemathesis --config-file protocol/schemathesis.toml run protocol/openapi.yaml --url "$url" \
  -H "X-Admin-Token: $OWP_ADMIN_TOKEN" -H "Authorization: Bearer $token" --checks all "$@"

curl --fail --silent --show-error "$url/readyz" >/dev/null || { echo "error: the server did not survive" >&2; exit 1; }
if grep -q . "$work/log"; then
  echo "error: the server logged failures:" >&2
  cat "$work/log" >&2
  exit 1
fi
