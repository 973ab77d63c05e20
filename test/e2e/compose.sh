#!/usr/bin/env bash
# The smoke suite across containers, as a user starts it, and what must be true afterwards: exit
# code 0, a report on the host that its owner can read, a passing verdict, no container left.
#   test/e2e/compose.sh           the clean gateway passes, also where it asks the real host names
#   test/e2e/compose.sh LEAK...   also: each planted leak fails the run with exit code 1
#   LEAKBED_SERVICES=python test/e2e/compose.sh   the same of the Python gateway (minutes to build)
# Ends with 77 where there is no Docker engine to be had.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! docker info >/dev/null 2>&1; then
  echo 'compose: skipped, no Docker engine answers' >&2
  exit 77
fi
compose=(docker compose)
docker compose version >/dev/null 2>&1 || compose=(docker-compose)
project=leakbed-e2e-$$
work=$(mktemp -d)
export LEAKBED_TOKEN=token-$RANDOM$RANDOM
# A user's report is the user's own; where this is root, it goes to the default user.
if [ "$(id -u)" != 0 ]; then
  LEAKBED_UID=$(id -u) LEAKBED_GID=$(id -g)
  export LEAKBED_UID LEAKBED_GID
fi
compose+=(-p "$project" --profile transparent --profile python)
read -ra services <<<"${LEAKBED_SERVICES:-harness transparent}"
trap '"${compose[@]}" down --volumes >/dev/null 2>&1; rm -rf "$work"' EXIT

fail() { echo "compose: FAILED: $*" >&2; tail -n 40 "$work/log" >&2; exit 1; }
# verdicts KEY VALUE: how many of the run's verdicts say so (checkers' own are further indented).
verdicts() { grep -lE "^  \"$1\": \"$2\"" "$LEAKBED_OUT"/*/verdict.json | wc -l; }

# up LEAK SERVICE: runs the suite into a folder that does not exist yet; sets $code.
up() {
  local service=${2:-harness} started=$SECONDS
  export LEAKBED_LEAK=$1 LEAKBED_OUT=$work/runs-${1:-clean}-$service
  code=0
  "${compose[@]}" up --abort-on-container-exit --exit-code-from "$service" "$service" \
    >"$work/log" 2>&1 || code=$?
  "${compose[@]}" down >>"$work/log" 2>&1
  echo "compose: ${1:-clean} gateway, $service: exit code $code after $((SECONDS - started)) s" >&2
  local left
  left=$(docker ps --all --quiet --filter "label=com.docker.compose.project=$project")
  [ -z "$left" ] || fail "containers are left: $left"
  [ -s "$LEAKBED_OUT/report.html" ] || fail 'no report on the host'
  ! grep -q "$LEAKBED_TOKEN" "$work/log" || fail 'the token is in the log'
}

started=$SECONDS
"${compose[@]}" build mocks "${services[@]}" >"$work/log" 2>&1 || fail 'the image cannot be built'
size=$(($(docker image inspect --format '{{.Size}}' leakbed:local) / 1000000))
echo "compose: image built in $((SECONDS - started)) s, $size MB" >&2

for service in "${services[@]}"; do
  up '' "$service"
  [ "$code" = 0 ] || fail "the clean gateway does not pass ($service)"
  [ "$(verdicts outcome pass)" = 2 ] || fail "not both scenarios passed ($service)"
done
owner=$(stat -c %u "$LEAKBED_OUT/report.html")
[ "$owner" = "${LEAKBED_UID:-1000}" ] || fail "the report belongs to user $owner"

for leak in "$@"; do
  up "$leak"
  [ "$code" = 1 ] || fail "the planted leak $leak is not found"
  [ "$(verdicts finding leak)" != 0 ] || fail "$leak: no verdict says leak"
done
