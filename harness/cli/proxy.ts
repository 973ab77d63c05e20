// `leakbed proxy`: the words and flags of the TCP fault proxy's command. Order matters here: a
// --listen or --upstream begins the next proxy, and a --toxic belongs to the one before it.

import { Command } from 'commander';
import { portOption, seedOption, urlOption } from './option-values.ts';

/** One proxy of the command line. */
export interface ProxyWords {
  readonly listen?: string;
  readonly upstream?: string;
  readonly toxics: readonly string[];
}

export interface ProxyFlags {
  readonly host: string;
  readonly port: number;
  readonly config?: string;
  readonly control?: string;
  readonly seed?: number;
  readonly json?: boolean;
}

export function proxyCommand(): Command {
  const proxies: ProxyWords[] = [];
  const collectAddress = (name: 'listen' | 'upstream') => (value: string) => {
    const last = proxies.at(-1);
    const isNext = last === undefined || last[name] !== undefined || last.toxics.length > 0;
    if (isNext) proxies.push({ [name]: value, toxics: [] });
    else proxies[proxies.length - 1] = { ...last, [name]: value };
  };
  const collectToxic = (value: string) => {
    const last = proxies.pop() ?? { toxics: [] };
    proxies.push({ ...last, toxics: [...last.toxics, value] });
  };
  return new Command('proxy')
    .description("Start a TCP fault proxy with Toxiproxy's HTTP API.")
    .option(
      '--listen <host:port>',
      'where a proxy listens; port 0 picks one',
      collectAddress('listen'),
    )
    .option('--upstream <host:port>', 'where it connects to', collectAddress('upstream'))
    .option('--toxic <toxic>', 'what it does; may be said again', collectToxic)
    .option('--config <file>', "proxies to start with, as Toxiproxy's own JSON file")
    .option('--control <url>', 'stall the first proxy as the fakes there say', urlOption)
    .option(
      '--host <address>',
      'address of the API; off loopback LEAKBED_TOKEN is needed',
      '127.0.0.1',
    )
    .option('--port <number>', 'port of the API; 0 picks a free one', portOption, 8474)
    .option('--seed <number>', 'seed of toxicity, jitter and slices', seedOption)
    .option('--json', 'print one JSON document once ready, and nothing else on stdout')
    .addHelpText(
      'after',
      `
Toxics: latency, bandwidth, slicer, limit-data, timeout, slow-close, reset-peer, noop, down; what
each does and takes says \`leakbed faults tcp-latency\`. Toxiproxy's clients can change everything.
  $ leakbed proxy --listen 127.0.0.1:5433 --upstream 127.0.0.1:5432 \\
      --toxic 'latency;latency=100;jitter=20' --toxic 'bandwidth;rate=64;stream=upstream'
  $ leakbed proxy --config toxiproxy.json`,
    )
    .action(async (flags: ProxyFlags) => {
      const { serveProxy } = await import('./serve-proxy.ts');
      await serveProxy(flags, proxies);
    });
}
