// Where the fake providers of a run or a matrix are: started here, named by --mocks, or those that
// a gateway which runs already was pointed at.

import { controlClient } from '../runner/control-client.ts';
import { type GatewayChoice, isStartedHere } from '../subjects/gateway.ts';
import { providerEnvironment } from '../subjects/provider-environment.ts';
import type { RunFlags } from './run-flags.ts';
import { openAuthorityHere, start } from './serve-mocks.ts';
import { serviceAddresses, transparentEnvironment } from './transparent.ts';

const defaultPort = 4010;
const defaultMocksUrl = `http://127.0.0.1:${defaultPort}`;

/** Where the fake providers are, and what tells a gateway's SDKs. */
export interface Fakes {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Those that are started here end with the stack. */
export async function provideMocks(
  { transparent, mocks: named }: Pick<RunFlags, 'transparent' | 'mocks'>,
  gateway: GatewayChoice,
  seed: number,
  stack: AsyncDisposableStack,
): Promise<Fakes> {
  const token = process.env.LEAKBED_TOKEN;
  if (transparent === true) {
    const authority = await openAuthorityHere();
    const { url } = stack.use(await start({ ...serviceAddresses, seed, token, authority }));
    return { url, environment: transparentEnvironment(authority) };
  }
  const told = (url: string) => ({ url, environment: providerEnvironment({ mocksUrl: url }) });
  if (named !== undefined) return told(named);
  const runsAlready = !isStartedHere(gateway);
  if (runsAlready) {
    const isThere = await controlClient(defaultMocksUrl, token)
      .health()
      .then(() => true)
      .catch(() => false);
    if (isThere) return told(defaultMocksUrl);
  }
  // A gateway that runs already was pointed at the default port; any other is told the port.
  const mocks = stack.use(await start({ port: runsAlready ? defaultPort : 0, seed, token }));
  return told(mocks.url);
}
