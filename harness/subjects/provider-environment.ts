// Where the fakes are, in the words of the SDKs: a gateway is started with these, and `leakbed
// mocks` prints them. A file of its own because the fakes alone need nothing else of a gateway.

/** The variables that point each provider's SDK, and the reference gateway, at the fakes. */
export function providerEnvironment(around: {
  readonly mocksUrl: string;
}): Readonly<Record<string, string>> {
  const { hostname, port } = new URL(around.mocksUrl);
  return {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: around.mocksUrl,
    AWS_REGION: 'us-east-1',
    VERTEX_API_ENDPOINT: hostname,
    VERTEX_PORT: port,
    GOOGLE_VERTEX_BASE_URL: around.mocksUrl,
    GOOGLE_CLOUD_PROJECT: 'leakbed',
    GOOGLE_CLOUD_LOCATION: 'us-central1',
    // Without it Google's library asks for a metadata server before every first call.
    METADATA_SERVER_DETECTION: 'none',
  };
}
