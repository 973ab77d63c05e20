// The names a server's certificate is good for: this machine, what the user listens on, and the
// real services' hosts, so that a gateway which resolves those here needs no setting but the CA.
// A wildcard stands for one label, so every AWS region is named.

/** Regions with Amazon Bedrock. Source: "Supported Regions" (Bedrock User Guide). */
const awsRegions = [
  'us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 ca-central-1 ca-west-1',
  'sa-east-1 mx-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1',
  'eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 af-south-1 ap-east-2 ap-northeast-1',
  'ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2',
  'ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7',
].flatMap((line) => line.split(' '));

export function hostNames(listening: readonly string[]): readonly string[] {
  const names = [
    'localhost',
    '127.0.0.1',
    '::1',
    ...listening.filter((host) => host !== '0.0.0.0' && host !== '::' && host !== ''),
    '*.amazonaws.com',
    ...awsRegions.map((region) => `*.${region}.amazonaws.com`),
    '*.googleapis.com',
    'metadata.google.internal',
  ];
  return [...new Set(names)];
}
