#!/bin/sh
# Entry of the image: the command leakbed, or, where LEAKBED_ROLE says "gateway", the Node reference
# gateway. By a variable, because compose.yaml can then name another image in its place: what is a
# command to ours would be one to that image too.
set -eu
if [ "${LEAKBED_ROLE:-}" = gateway ]; then
  exec node --inspect=127.0.0.1:0 --import=/leakbed/injectors/ambient/billing-hook.ts \
    harness/subjects/reference-node/main.ts
fi
exec node harness/cli/leakbed.mjs "$@"
