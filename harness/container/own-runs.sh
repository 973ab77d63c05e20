#!/bin/sh
# Entry of the harness container. Docker makes a mounted folder that is missing, and makes it as
# root, so nobody else could write the record there. Such a folder becomes the user's; then this
# shell, which holds no right but to do that, becomes the user itself. A folder that has an owner
# is left alone.
set -eu
user=${LEAKBED_UID:-1000}
group=${LEAKBED_GID:-1000}
if [ "$(stat -c %u /runs)" = 0 ]; then chown "$user:$group" /runs; fi
exec setpriv --reuid="$user" --regid="$group" --clear-groups --inh-caps=-all --no-new-privs \
  node harness/cli/leakbed.mjs "$@"
