#!/bin/sh
# Builds Toxiproxy's server, and Toxiproxy's tests with remote.go in its place, in this folder. What
# is taken out is the server itself and the tests that look into its Go structures.
set -eu
version=v2.12.0
go mod download github.com/Shopify/toxiproxy/v2
cp -r "$(go env GOMODCACHE)/github.com/!shopify/toxiproxy/v2@$version" source
chmod -R u+w source
number=${version#v}
flags="-X github.com/Shopify/toxiproxy/v2.Version=$number"
cd source
go build -mod=mod -ldflags "$flags" -o ../toxiproxy-server ./cmd/server
rm api.go link.go proxy.go proxy_collection.go toxic_collection.go
rm link_test.go metrics_test.go proxy_collection_test.go
cp ../remote.go .
for package in . ./client ./toxics; do
  go test -mod=mod -ldflags "$flags" -c -o "../$(basename "$package" | tr . r).test" "$package"
done
cd ..
rm -rf source
