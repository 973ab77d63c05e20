#!/usr/bin/env bash
# The smoke suite across containers, as a user starts it, and what must be true afterwards: exit
# code 0, a report on the host that its owner can read, a passing verdict, no container left, and of
# every service that it had no root, a read-only file system and a limit of memory.
#   test/e2e/compose.sh           the clean gateway passes, also where it asks the real host names,
#                                 and where a Prometheus looks on
#   test/e2e/compose.sh LEAK...   also: each planted leak fails the run with exit code 1
#   LEAKBED_PROFILES='python postgres' test/e2e/compose.sh   the same of these (see compose.yaml);
#                                 `own` is the README's gateway in an image of its own
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
export LEAKBED_TOKEN=token-$RANDOM$RANDOM LEAKBED_PROMETHEUS_PORT=0
# A user's report is the user's own; where this is root, it goes to the default user.
if [ "$(id -u)" != 0 ]; then
  LEAKBED_UID=$(id -u) LEAKBED_GID=$(id -g)
  export LEAKBED_UID LEAKBED_GID
fi
compose+=(-p "$project")
read -ra profiles <<<"${LEAKBED_PROFILES:-node transparent observability}"

finish() {
  # The services of all profiles; `own` is none.
  "${compose[@]}" $(printf -- '--profile %s ' "${profiles[@]/own/node}") down --volumes
  docker image rm -f "$project-own"
  rm -rf "$work"
}
trap 'finish >/dev/null 2>&1' EXIT

fail() { echo "compose: FAILED: $*" >&2; tail -n 40 "$work/log" >&2; exit 1; }
# verdicts KEY VALUE: how many of the run's verdicts say so (checkers' own are further indented).
verdicts() { grep -lE "^  \"$1\": \"$2\"" "$LEAKBED_OUT"/*/verdict.json | wc -l; }
containers() { docker ps --all --quiet --filter "label=com.docker.compose.project=$project"; }

# confined: every container of the project is held as compose.yaml promises. One that enters by
# own-runs.sh begins as root, to hand ./runs to the user that it then becomes; an image of one's own
# need not tell of its health.
confined() {
  local line form='{{index .Config.Labels "com.docker.compose.service"}} {{.Config.Entrypoint}}'
  form+=' user={{.Config.User}} read-only={{.HostConfig.ReadonlyRootfs}}'
  form+=' memory={{.HostConfig.Memory}} drop={{.HostConfig.CapDrop}}'
  form+=' health={{if .Config.Healthcheck}}yes{{else}}no{{end}}'
  containers | xargs docker inspect --format "$form" >"$work/held"
  while read -r line; do
    case $line in *own-runs.sh*) ;; *user=0* | *'user= '* | *user=root*) fail "root: $line" ;; esac
    case $line in *read-only=true*) ;; *) fail "it can be written to: $line" ;; esac
    case $line in *' memory=0 '*) fail "no limit of memory: $line" ;; esac
    case $line in *'drop=[ALL]'*) ;; *) fail "it has capabilities: $line" ;; esac
    case $line in gateway*"${LEAKBED_GATEWAY_IMAGE:+health=no}" | *health=yes) ;; *) fail "no health: $line" ;; esac
  done <"$work/held"
  [ -s "$work/held" ] || fail 'no container to look at'
}

# up LEAK PROFILE: runs the suite into a folder that does not exist yet; sets $code. The profile that
# .env makes the default one is not named, as users do not.
up() {
  local profile=${2:-node} started=$SECONDS named=() service
  case $profile in
    node) service=harness ;;
    own)
      service=harness
      export LEAKBED_GATEWAY_IMAGE=$project-own LEAKBED_SCENARIOS=streaming-connections
      ;;
    *) service=$profile named=(--profile "$profile") ;;
  esac
  export LEAKBED_LEAK=$1 LEAKBED_OUT=$work/runs-${1:-clean}-$profile
  code=0
  if [ "$profile" = observability ]; then
    observed || code=$?
  else
    "${compose[@]}" "${named[@]}" up --abort-on-container-exit --exit-code-from "$service" \
      >"$work/log" 2>&1 || code=$?
  fi
  confined
  "${compose[@]}" "${named[@]}" down >>"$work/log" 2>&1
  unset LEAKBED_GATEWAY_IMAGE LEAKBED_SCENARIOS
  echo "compose: ${1:-clean} gateway, profile $profile: exit code $code after $((SECONDS - started)) s" >&2
  local left
  left=$(containers)
  [ -z "$left" ] || fail "containers are left: $left"
  [ -s "$LEAKBED_OUT/report.html" ] || fail 'no report on the host'
  ! grep -q "$LEAKBED_TOKEN" "$work/log" || fail 'the token is in the log'
}

# observed: a test bed that stays, and what its Prometheus knows once the run is over.
observed() {
  local id address code
  "${compose[@]}" --profile observability up --detach >"$work/log" 2>&1 || fail 'it does not start'
  id=$("${compose[@]}" --profile observability ps -q observability)
  code=$(docker wait "$id")
  docker logs "$id" >>"$work/log" 2>&1
  address=$(docker port "$("${compose[@]}" --profile observability ps -q prometheus)" 9090)
  knows() {
    node -e 'const [, address, query] = process.argv;
      const url = `http://${address}/api/v1/query?${new URLSearchParams({ query })}`;
      fetch(url).then((answer) => answer.json())
        .then(({ data }) => process.exit(data.result.length > 0 ? 0 : 1));' "$address" "$1"
  }
  knows 'up{job="leakbed-mocks"} == 1' || fail 'Prometheus does not scrape the fakes'
  knows 'leakbed_watch_up{target="gateway"} == 1' || fail 'it does not scrape the watch'
  knows 'max_over_time(leakbed_run_finding{finding="clean"}[15m]) == 1' ||
    fail 'Prometheus does not know what was found'
  ! knows 'ALERTS{alertname="LeakbedGatewayLeaks"}' || fail 'an alert about a clean gateway'
  return "$code"
}

# The README's gateway with the SDKs of package.json, and nothing of leakbed.
build_own() {
  version() { sed -n "s|.*\"$1\": \"\(.*\)\".*|\1|p" package.json; }
  docker build -q -t "$project-own" -f - test/examples <<D
FROM node:24-bookworm-slim
WORKDIR /app
RUN npm install --no-audit --no-fund --ignore-scripts \
  @aws-sdk/client-bedrock-runtime@$(version @aws-sdk/client-bedrock-runtime) \
  @google/genai@$(version @google/genai)
COPY my-gateway.mjs .
CMD ["node", "my-gateway.mjs"]
D
}

# From `docker run` to the fakes' first word, the engine's own part included.
start_up_ms() {
  local begin=${EPOCHREALTIME/./} id
  id=$(docker run --rm --detach --read-only --tmpfs /tmp leakbed:local mocks --json)
  until docker logs "$id" 2>/dev/null | grep -q controlUrl; do sleep 0.02; done
  echo $(((${EPOCHREALTIME/./} - begin) / 1000))
  docker stop "$id" >/dev/null
}

started=$SECONDS
for profile in "${profiles[@]}"; do
  if [ "$profile" = own ]; then
    build_own >"$work/log" 2>&1 || fail 'the image of the README gateway cannot be built'
  fi
  "${compose[@]}" --profile "${profile/own/node}" build >"$work/log" 2>&1 || fail "$profile cannot be built"
done
echo "compose: images built in $((SECONDS - started)) s; the fakes answer $(start_up_ms) ms after docker run" >&2
for image in $(docker image ls --filter reference='leakbed:*' --format '{{.Repository}}:{{.Tag}}'); do
  echo "compose: $image, $(($(docker image inspect --format '{{.Size}}' "$image") / 1000000)) MB" >&2
done

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
