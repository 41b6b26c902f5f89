#!/usr/bin/env bash
# The whole way from an empty pool to a leased task, as a maintainer and a volunteer would type it.
set -euo pipefail

cd "$(dirname "$0")/.."
: "${OWP:=owp}" "${OWP_SERVER:=http://127.0.0.1:8787}"
export OWP_SERVER
# The volunteer of this demo is nobody else's, so its registration is kept beside the demo's database.
export OWP_CONFIG=${OWP_CONFIG:-data/try.json}

say() { printf '\n\033[1m$ owp %s\033[0m\n' "$*"; }
step() {
  say "$@"
  "$OWP" "$@"
}

step admin init-repo demo/owp-pool --max-open-prs 3
step admin import examples/tasks.yaml
step worker register --name "A volunteer" --skills rust,docs,shell --max-tasks 1 --force
step worker fetch

printf "\nThat task is leased to you now. Next, with OWP_CONFIG=%s:\n" "$OWP_CONFIG"
printf '  %s worker report TASK in_progress      when you begin\n' "$OWP"
printf '  %s worker report TASK pr_opened --pr-url URL\n' "$OWP"
printf '  %s admin state                          what the maintainer sees\n' "$OWP"
