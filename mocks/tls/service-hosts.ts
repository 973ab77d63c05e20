// The hosts that SDKs ask when nobody tells them another: what transparent mode makes names of the
// fakes. A hosts file knows no wildcard, so every region is named.

/** Regions with Amazon Bedrock. Source: "Supported Regions" (Bedrock User Guide). */
export const awsRegions = [
  'us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 ca-central-1 ca-west-1',
  'sa-east-1 mx-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1',
  'eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 af-south-1 ap-east-2 ap-northeast-1',
  'ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2',
  'ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7',
].flatMap((line) => line.split(' '));

/** Regions with Vertex AI. Source: "Vertex AI locations" (Google Cloud documentation). */
const googleRegions = [
  'us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4',
  'northamerica-northeast1 northamerica-northeast2 southamerica-east1 southamerica-west1',
  'europe-central2 europe-north1 europe-southwest1 europe-west1 europe-west2 europe-west3',
  'europe-west4 europe-west6 europe-west8 europe-west9 europe-west12 africa-south1',
  'asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1 asia-south2',
  'asia-southeast1 asia-southeast2 australia-southeast1 australia-southeast2',
  'me-central1 me-central2 me-west1',
].flatMap((line) => line.split(' '));

const awsServices = ['bedrock-runtime', 'bedrock', 'bedrock-runtime-fips', 'bedrock-fips', 'sts'];

/** Bedrock, Vertex AI, and where their SDKs trade credentials; all of them speak TLS on 443. */
export function serviceHosts(): readonly string[] {
  return [
    'sts.amazonaws.com',
    ...awsRegions.flatMap((region) =>
      awsServices.map((service) => `${service}.${region}.amazonaws.com`),
    ),
    'aiplatform.googleapis.com',
    ...googleRegions.map((region) => `${region}-aiplatform.googleapis.com`),
    ...['oauth2', 'sts', 'iamcredentials', 'www'].map((service) => `${service}.googleapis.com`),
  ];
}

/**
 * Where machines in the cloud learn who they are, over plain HTTP on 80: EC2 and Google's metadata
 * server, and the credentials of ECS tasks and of EKS pods. SDKs ask these by address.
 */
export const metadataAddresses = ['169.254.169.254', '169.254.170.2', '169.254.170.23'] as const;

/** Google's libraries ask by name too. */
export const metadataHosts = ['metadata.google.internal', 'metadata'] as const;
