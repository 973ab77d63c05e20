#!/bin/sh
# Entry of the harness container. Docker makes a mounted folder that is missing, and makes it as
# root, so nobody else could write the record there. Such a folder becomes the user's; then this
# shell, which holds no right but to do that, becomes the user itself. A folder that has an owner
# is left alone. The gateway is waited for here, because an image of one's own may say nothing of its
# health: once something listens, leakbed asks it itself.
set -eu
user=${LEAKBED_UID:-1000}
group=${LEAKBED_GID:-1000}
if [ "$(stat -c %u /runs)" = 0 ]; then chown "$user:$group" /runs; fi
port=${LEAKBED_GATEWAY_PORT:-}
tries=300
until [ -z "$port" ] || bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null; do
  tries=$((tries - 1))
  if [ "$tries" = 0 ]; then
    echo "harness: nothing listens on 127.0.0.1:$port after a minute. Is that the gateway's port?" >&2
    exit 254
  fi
  sleep 0.2
done
exec setpriv --reuid="$user" --regid="$group" --clear-groups --inh-caps=-all --no-new-privs \
  node harness/cli/leakbed.mjs "$@"
