#!/usr/bin/env bash
# The smoke suite across containers, as a user starts it, and what must be true afterwards: exit
# code 0, a report on the host that its owner can read, a passing verdict, no container left.
#   test/e2e/compose.sh           the clean gateway passes, also where it asks the real host names
#   test/e2e/compose.sh LEAK...   also: each planted leak fails the run with exit code 1
#   LEAKBED_PROFILES='python postgres' test/e2e/compose.sh   the same of these (see compose.yaml)
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
compose+=(-p "$project")
read -ra profiles <<<"${LEAKBED_PROFILES:-node transparent}"
trap '"${compose[@]}" $(printf -- "--profile %s " "${profiles[@]}") down --volumes >/dev/null 2>&1; rm -rf "$work"' EXIT

fail() { echo "compose: FAILED: $*" >&2; tail -n 40 "$work/log" >&2; exit 1; }
# verdicts KEY VALUE: how many of the run's verdicts say so (checkers' own are further indented).
verdicts() { grep -lE "^  \"$1\": \"$2\"" "$LEAKBED_OUT"/*/verdict.json | wc -l; }

# up LEAK PROFILE: runs the suite into a folder that does not exist yet; sets $code. The profile that
# .env makes the default one is not named, as users do not.
up() {
  local profile=${2:-node} started=$SECONDS named=() service
  [ "$profile" = node ] || named=(--profile "$profile")
  [ "$profile" = node ] && service=harness || service=$profile
  export LEAKBED_LEAK=$1 LEAKBED_OUT=$work/runs-${1:-clean}-$profile
  code=0
  "${compose[@]}" "${named[@]}" up --abort-on-container-exit --exit-code-from "$service" \
    >"$work/log" 2>&1 || code=$?
  "${compose[@]}" "${named[@]}" down >>"$work/log" 2>&1
  echo "compose: ${1:-clean} gateway, profile $profile: exit code $code after $((SECONDS - started)) s" >&2
  local left
  left=$(docker ps --all --quiet --filter "label=com.docker.compose.project=$project")
  [ -z "$left" ] || fail "containers are left: $left"
  [ -s "$LEAKBED_OUT/report.html" ] || fail 'no report on the host'
  ! grep -q "$LEAKBED_TOKEN" "$work/log" || fail 'the token is in the log'
}

started=$SECONDS
for profile in "${profiles[@]}"; do
  "${compose[@]}" --profile "$profile" build >"$work/log" 2>&1 || fail "$profile cannot be built"
done
size=$(($(docker image inspect --format '{{.Size}}' leakbed:local) / 1000000))
echo "compose: image built in $((SECONDS - started)) s, $size MB" >&2

for profile in "${profiles[@]}"; do
  up '' "$profile"
  [ "$code" = 0 ] || fail "the clean gateway does not pass ($profile)"
  ran=$(find "$LEAKBED_OUT" -name verdict.json | wc -l)
  [ "$ran" != 0 ] && [ "$(verdicts outcome pass)" = "$ran" ] || fail "not all passed ($profile)"
done
owner=$(stat -c %u "$LEAKBED_OUT/report.html")
[ "$owner" = "${LEAKBED_UID:-1000}" ] || fail "the report belongs to user $owner"

for leak in "$@"; do
  up "$leak"
  [ "$code" = 1 ] || fail "the planted leak $leak is not found"
  [ "$(verdicts finding leak)" != 0 ] || fail "$leak: no verdict says leak"
done
