// ARNs of the fake's own resources. The region is the one in the host name a client asked for; on a
// local address, where there is none, it is us-east-1.

import type { ApiRequest } from '../provider.ts';

const account = '123456789012';

export function regionOf({ headers }: ApiRequest): string {
  const host = headers[':authority'] ?? headers.host;
  const name = typeof host === 'string' ? host : '';
  return /^bedrock(?:-runtime)?(?:-fips)?\.([a-z0-9-]+)\./.exec(name)?.[1] ?? 'us-east-1';
}

export function foundationModelArn(region: string, model: string): string {
  return `arn:aws:bedrock:${region}::foundation-model/${model}`;
}

export function resourceArn(region: string, kind: string, id: string): string {
  return `arn:aws:bedrock:${region}:${account}:${kind}/${id}`;
}
