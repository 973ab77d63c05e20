// `--transparent`, the part that `run` and `mocks` share: the fakes at the addresses of the real
// services, and what is started with them trusts leakbed's CA and is told nothing else.

import type { Address } from '../../mocks/listen.ts';
import type { Authority } from '../../mocks/tls/authority.ts';
import { metadataAddresses, metadataHosts, serviceHosts } from '../../mocks/tls/service-hosts.ts';
import { enterOwnNetwork } from '../subjects/own-network.ts';
import { trustEnvironment } from '../subjects/trust-environment.ts';
import { UsageError } from './exit-codes.ts';

/** Continues in a network of its own, or ends with what this machine lacks for it. */
export function enterTransparentMode(): void {
  const [metadata, ...others] = metadataAddresses;
  const unnamed = Object.fromEntries(others.map((address) => [address, []]));
  const addresses = { [metadata]: metadataHosts, ...unnamed };
  try {
    enterOwnNetwork({ hosts: serviceHosts(), addresses });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** TLS where the services have it, and plain HTTP where the metadata servers are. */
export const serviceAddresses = {
  host: '127.0.0.1',
  port: 443,
  alsoOn: ['127.0.0.1', ...metadataAddresses].map((host): Address => ({ host, port: 80 })),
};

/** Nothing but trust; proxies are out of reach from here, so none is asked. */
export function transparentEnvironment({ caFile }: Authority): Readonly<Record<string, string>> {
  const proxies = ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];
  const none = Object.fromEntries([...proxies, 'ALL_PROXY'].map((name) => [name, '']));
  return { ...trustEnvironment(caFile), ...none };
}
