#!/bin/sh
# Entry of the Prometheus container: the token that leakbed's pages ask for goes into a file, because
# Prometheus reads no variables. All lies in memory and is gone with the container.
set -eu
umask 077
printf %s "${LEAKBED_TOKEN:-}" >/tmp/token
exec prometheus --config.file=/etc/leakbed/prometheus.yml --storage.tsdb.path=/tmp/data \
  --storage.tsdb.retention.size=64MB
