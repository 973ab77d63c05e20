// The work of `leakbed proxy`: proxies of the command line and of a file, and the API until Ctrl-C.

import { readFile } from 'node:fs/promises';
import { followSwitch } from '../../injectors/ambient/billing-remote.ts';
import { createWireStall } from '../../injectors/ambient/billing-wire.ts';
import { systemClock } from '../../injectors/determinism.ts';
import { parseFaultWords } from '../../injectors/plan.ts';
import { findInjector } from '../../injectors/registry.ts';
import type { TcpProxy } from '../../injectors/tcp/proxy.ts';
import { faultName } from '../../injectors/tcp/toxic.ts';
import { parseBody, readProxies } from '../../mocks/tcp-proxy/read-body.ts';
import { showProxy } from '../../mocks/tcp-proxy/routes.ts';
import { startTcpProxyServer, type TcpProxyServer } from '../../mocks/tcp-proxy/server.ts';
import { UsageError } from './exit-codes.ts';
import { listening, untilStopped } from './listening.ts';
import type { ProxyFlags, ProxyWords } from './proxy.ts';

export async function serveProxy(flags: ProxyFlags, words: readonly ProxyWords[]): Promise<void> {
  const { host, port, seed } = flags;
  const token = process.env.LEAKBED_TOKEN;
  const server = await listening(flags, startTcpProxyServer({ host, port, seed, token }));
  try {
    if (flags.config !== undefined) await populate(server, flags.config);
    for (const [index, proxy] of words.entries()) await open(server, proxy, index + 1);
    await using _stall = followed(server, flags);
    const stopped = untilStopped();
    tell(server, flags);
    await stopped;
  } finally {
    await server.close();
  }
}

/** The switch `billing-stall-wire` of the fakes acts on the first proxy, for as long as it runs. */
function followed({ proxies }: TcpProxyServer, { control }: ProxyFlags): AsyncDisposable {
  const life = new AbortController();
  const [first] = proxies.all;
  if (control !== undefined) {
    if (first === undefined) {
      throw new UsageError('Cannot use --control without a proxy: give --upstream as well.');
    }
    const token = process.env.LEAKBED_TOKEN;
    void followSwitch(createWireStall(first, systemClock), {
      control: new URL(control),
      token,
      place: 'wire',
      signal: life.signal,
    });
  }
  return { [Symbol.asyncDispose]: async () => life.abort() };
}

function tell(server: TcpProxyServer, flags: ProxyFlags): void {
  const { url, seed, proxies } = server;
  const shown = proxies.all.map(showProxy);
  if (flags.json === true) console.log(JSON.stringify({ url, seed, proxies: shown }));
  console.error(`Toxiproxy's API on ${url} (seed ${seed}). Ctrl-C stops.`);
  for (const { name, listen, upstream, enabled, toxics } of shown) {
    const names = toxics.map((toxic) => toxic.name).join(', ') || 'no toxics';
    console.error(`  ${name}: ${enabled ? listen : 'down'} -> ${upstream}, ${names}`);
  }
}

async function populate({ proxies }: TcpProxyServer, file: string): Promise<void> {
  try {
    for (const fields of readProxies(parseBody(await readFile(file, 'utf8')))) {
      await proxies.addOrReplace(fields);
    }
  } catch (error) {
    throw new UsageError(`Cannot use --config ${file}: ${reasonOf(error)}.`, { cause: error });
  }
}

async function open(
  { proxies }: TcpProxyServer,
  { listen = '', upstream, toxics }: ProxyWords,
  number: number,
): Promise<void> {
  if (upstream === undefined) {
    throw new UsageError(
      `Cannot start the proxy${listen && ` on ${listen}`}: --upstream is missing. ` +
        'Give the address it connects to, such as 127.0.0.1:5432.',
    );
  }
  const name = `proxy-${number}`;
  const fields = { name, listen, upstream, enabled: true };
  const proxy = await proxies.add(fields).catch((error: unknown) => {
    throw new UsageError(`Cannot start a proxy to ${upstream}: ${reasonOf(error)}.`, {
      cause: error,
    });
  });
  for (const toxic of toxics) await disturb(proxy, toxic);
}

/** `latency`, `limit_data`, `limit-data` and the catalogue's `tcp-latency` are all understood. */
async function disturb(proxy: TcpProxy, words: string): Promise<void> {
  const { fault, options = {} } = parseFaultWords(words);
  const injector = findInjector(faultName(fault.replace(/^tcp-/, '')));
  if (injector === undefined) {
    throw new UsageError(
      `Cannot use --toxic ${words}: there is no toxic "${fault}". See leakbed proxy --help.`,
    );
  }
  const { fault: bound, problems } = injector.bind(options);
  if (bound?.disrupt === undefined) throw new UsageError(problems.join('\n'));
  const context = {
    clock: systemClock,
    signal: new AbortController().signal,
    note: () => undefined,
  };
  await bound.disrupt({ ...context, target: proxy as never }).catch((error: unknown) => {
    throw new UsageError(`Cannot use --toxic ${words}: ${reasonOf(error)}`, { cause: error });
  });
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
