#!/usr/bin/env bash
# Runs the end-to-end test against every function, served through the Lambda runtime API over an empty table of DynamoDB
# Local. Everything it starts ends with it.
#
#   usage: test_lambda.sh DYNAMODB_LOCAL_JAR TARGET_DIR, with cargo-lambda in the path
set -euo pipefail

emulator=$(dirname "$1") target=$2
work=$(mktemp -d)
started=()
finish() {
  status=$?
  for pid in "${started[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  if [ "$status" != 0 ]; then tail -n 40 "$work"/*.log >&2 || true; fi
  rm -rf "$work"
}
trap finish EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
await() { # URL, what it is: any answer will do
  for _ in $(seq 300); do
    if curl --silent --output /dev/null "$1"; then return; fi
    sleep 0.2
  done
  echo "$2 did not start" >&2
  exit 1
}
begin() { # LOG COMMAND...: in a process group of its own
  setsid "${@:2}" >"$work/$1.log" 2>&1 </dev/null &
  started+=($!)
}

dynamodb=$(free_port) server=$(free_port) lambda=$(free_port)
export AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:$dynamodb AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local OWP_DYNAMODB_TABLE=owp-end-to-end
export OWP_ADMIN_TOKEN='the admin token of the tests' OWP_JWT_SECRET='a secret of the tests that is long enough for them'
export OWP_NEW_WORKER_TIER=trusted OWP_HEARTBEAT_TTL_S=3 OWP_OFFLINE_GRACE_S=1 OWP_LEASE_TTL_S=60 OWP_WAIT_MAX_S=0

begin dynamodb java -Djava.library.path="$emulator/DynamoDBLocal_lib" -jar "$emulator/DynamoDBLocal.jar" \
  -inMemory -disableTelemetry -port "$dynamodb"
await "http://127.0.0.1:$dynamodb" "DynamoDB Local"

# The server makes the table; from then on there are only functions.
begin server env OWP_DYNAMODB_CREATE=true OWP_DB_PATH="$work/unused.db" "$target/debug/owp-server" --port "$server"
await "http://127.0.0.1:$server/readyz" "the server"
kill -- "-${started[1]}"

begin lambda cargo lambda watch -p owp-functions --ignore-changes -A 127.0.0.1 -P "$lambda" \
  --no-default-features --features mains,dynamodb
await "http://127.0.0.1:$lambda/healthz" "cargo lambda watch"

OWP_TEST_URL=http://127.0.0.1:$lambda cargo test --quiet -p owp-server --test end_to_end
