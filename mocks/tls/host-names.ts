// The names a server's certificate is good for: this machine, what the user listens on, and the
// real services' hosts, so that a gateway which resolves those here needs no setting but the CA.
// A wildcard stands for one label, so every AWS region is named.

import { awsRegions, metadataHosts } from './service-hosts.ts';

export function hostNames(listening: readonly string[]): readonly string[] {
  const names = [
    'localhost',
    '127.0.0.1',
    '::1',
    ...listening.filter((host) => host !== '0.0.0.0' && host !== '::' && host !== ''),
    '*.amazonaws.com',
    ...awsRegions.map((region) => `*.${region}.amazonaws.com`),
    '*.googleapis.com',
    ...metadataHosts,
  ];
  return [...new Set(names)];
}
