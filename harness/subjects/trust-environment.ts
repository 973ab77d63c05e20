// leakbed's CA in the words of each runtime. Each variable but Node's replaces all other roots, so
// what is started with these trusts nobody else.

export function trustEnvironment(caFile: string): Readonly<Record<string, string>> {
  return {
    NODE_EXTRA_CA_CERTS: caFile,
    // OpenSSL, and so Python, Ruby and .NET; Go and Rust read it too.
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    AWS_CA_BUNDLE: caFile,
    CURL_CA_BUNDLE: caFile,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
  };
}
