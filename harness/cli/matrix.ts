// `leakbed matrix`: its words and flags.

import { Command, Option } from 'commander';
import type { ObserverFlags } from './open-observers.ts';
import { collect, pidOption, seedOption, servedOption, urlOption } from './option-values.ts';
import { type RunFlags, referenceNames } from './run-flags.ts';

export interface MatrixFlags
  extends Pick<
    RunFlags,
    | 'gateway'
    | 'profile'
    | 'url'
    | 'pid'
    | 'container'
    | 'metrics'
    | 'mocks'
    | 'leak'
    | 'seed'
    | 'out'
    | 'json'
    | keyof ObserverFlags
  > {
  readonly provider: readonly string[];
  readonly transport: readonly string[];
  readonly fault: readonly string[];
  readonly resume?: string;
}

const providers = ['bedrock', 'vertex'] as const;
const transports = ['http1', 'http2', 'grpc'] as const;

/** `gatewayCommand` is what followed `--` on the command line. */
export function matrixCommand(gatewayCommand: readonly string[]): Command {
  return new Command('matrix')
    .description('Try every fault on every provider and transport of a gateway: what is kept?')
    .usage('[options] [-- COMMAND…]')
    .addOption(new Option('--gateway <name>', 'a gateway of leakbed').choices([...referenceNames]))
    .option('--profile <name|file>', 'a gateway described in YAML; see harness/profiles')
    .option('--url <url>', 'where the gateway listens', urlOption)
    .option('--pid <number>', 'measure this running process (default: who serves --url)', pidOption)
    .option('--container <name>', 'measure the gateway in this running container (Docker)')
    .option('--metrics <url>', 'measure a gateway elsewhere by its Prometheus page', urlOption)
    .option('--mocks <url>', 'use these fake providers instead of starting some', urlOption)
    .option('--leak <name>', 'plant a leak in the reference gateway; see "leakbed leaks"')
    .addOption(choiceOption('--provider <name>', 'only this provider; again for more', providers))
    .addOption(
      choiceOption('--transport <name>', 'only this transport; again for more', transports),
    )
    .option('--fault <words>', 'only this fault, NAME or NAME;option=value', collect, [])
    .option('--seed <number>', 'repeat a run: its seed', seedOption)
    .option('--out <folder>', 'where the matrix is recorded', 'runs')
    .option('--resume <folder>', 'go on with a matrix that was cut short')
    .option('--metrics-port <[host:]port>', 'tell a Prometheus of it: /metrics', servedOption)
    .option('--otlp <url>', 'send it as a trace to this OpenTelemetry collector', urlOption)
    .option('--json', 'print one JSON document with all cells on stdout')
    .addHelpText('after', help)
    .action(async (flags: MatrixFlags) => {
      const { runMatrix } = await import('./run-matrix.ts');
      await runMatrix(flags, gatewayCommand);
    });
}

function choiceOption(words: string, text: string, allowed: readonly string[]): Option {
  return new Option(words, text)
    .choices([...allowed])
    .argParser((value: string, all: readonly string[]) => {
      if (!allowed.includes(value)) throw new TypeError(`Allowed: ${allowed.join(', ')}.`);
      return collect(value, all);
    })
    .default([], 'all');
}

const help = `
Each cell ends as soon as its levels suffice: three to ten seconds. Transports are those that the
gateway's own SDKs use; the Node reference gateway is started once for each set of them. Faults of
connections need a proxy before the providers, so only a gateway that leakbed starts meets them.

Examples:
  $ leakbed matrix
  $ leakbed matrix --provider bedrock --transport http2 --fault truncate --fault reset
  $ leakbed matrix --fault 'truncate;at=50%;end=cut' --url http://127.0.0.1:8080 -- node my-gateway.js
  $ leakbed matrix --container gateway --mocks http://127.0.0.1:4010
  $ leakbed matrix --resume runs/2026-01-02T030405-matrix

Exit code: 1 when a cell leaks, 2 when one could not be decided.`;
