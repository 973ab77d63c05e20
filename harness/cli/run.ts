// `leakbed run`: its words and flags. What it does is loaded when it is asked for, so that help and
// the other commands do not wait for it.

import { Command, Option } from 'commander';
import { scales } from '../scenario.ts';
import {
  collect,
  ledgerOption,
  pidOption,
  secondsOption,
  seedOption,
  servedOption,
  sinkOption,
  urlOption,
} from './option-values.ts';
import { type RunFlags, referenceNames } from './run-flags.ts';

/** `gatewayCommand` is what followed `--` on the command line. */
export function runCommand(gatewayCommand: readonly string[]): Command {
  return new Command('run')
    .description('Run scenarios against a gateway and judge its memory (default: the smoke suite).')
    .usage('[scenario…] [options] [-- COMMAND…]')
    .argument('[scenario...]', 'which scenarios ("leakbed scenarios" lists them), or "all" fifteen')
    .addOption(new Option('--gateway <name>', 'a gateway of leakbed').choices([...referenceNames]))
    .option('--profile <name|file>', 'a gateway described in YAML; see harness/profiles')
    .option('--url <url>', 'where the gateway listens', urlOption)
    .option('--pid <number>', 'measure this running process (default: who serves --url)', pidOption)
    .option('--container <name>', 'measure the gateway in this running container (Docker)')
    .option('--metrics <url>', 'measure a gateway elsewhere by its Prometheus page', urlOption)
    .option('--mocks <url>', 'use these fake providers instead of starting some', urlOption)
    .option('--transparent', 'the gateway asks the real host names, in a network of its own (root)')
    .option('--leak <name>', 'plant a leak in the reference gateway; see "leakbed leaks"')
    .option('--fault <words>', 'add a fault to the stress phases: NAME;option=value', collect, [])
    .option('--sink <variable=url>', 'where its billing goes: put a proxy before it', sinkOption)
    .option('--ledger <url>', 'what it billed: postgres://… or sqlite:FILE', ledgerOption)
    .option('--sink-container <name>', 'the container its billing goes to, to be paused or cut off')
    .addOption(new Option('--scale <scale>', 'how long').choices([...scales]).default('smoke'))
    .option('--release-watch <time>', 'wait so long for a leak to be given back', secondsOption)
    .option('--seed <number>', 'repeat a run: its seed', seedOption)
    .option('--resume <run>', 'go on with a run that was cut short: its folder')
    .option('--out <folder>', 'where runs are recorded', 'runs')
    .option('--steady', "V8's optimiser off: exact levels to compare, latencies that mean nothing")
    .option('--budget <file>', 'limits to keep to: bytes per request, peak, recovery (YAML)')
    .option('--junit <file>', 'also write JUnit XML here')
    .option('--tap <file>', 'also write TAP here')
    .option('--markdown <file>', 'also write Markdown here, for a pull request')
    .option('--metrics-port <[host:]port>', 'tell a Prometheus of the run: /metrics', servedOption)
    .option('--otlp <url>', 'send the run as a trace to this OpenTelemetry collector', urlOption)
    .option('--json', 'print one JSON document with all verdicts on stdout')
    .addHelpText(
      'after',
      `
Examples:
  $ leakbed run
  $ leakbed run streaming-connections --leak listener
  $ leakbed run --gateway reference-python --leak task
  $ leakbed run --fault 'stall;at=3;for=2s' --seed 7
  $ leakbed run --url http://127.0.0.1:8080 -- node my-gateway.js
  $ leakbed run --transparent --url http://127.0.0.1:8080 -- python my_gateway.py
  $ leakbed run --profile litellm streaming-connections
  $ leakbed run billing-queue --sink DATABASE_URL=postgres://me@127.0.0.1:5432/bills \\
      --fault 'billing-stall;via=wire'
  $ leakbed run endurance --scale full --resume runs/2026-11-23T233005-endurance
  $ leakbed run --pid 4242 --url http://127.0.0.1:8080
  $ leakbed run --container gateway --mocks http://127.0.0.1:4010
  $ leakbed run --metrics http://10.0.0.7:9090/metrics --url http://10.0.0.7:8080

Environment: LEAKBED_API_KEY, the key the gateway accepts (default: leakbed);
LEAKBED_TOKEN, the token of the fake providers where they ask for one;
OTEL_EXPORTER_OTLP_HEADERS, what the collector asks for: api-key=…`,
    )
    .action(async (ids: string[], flags: RunFlags) => {
      const { runScenarios } = await import('./run-scenarios.ts');
      await runScenarios(ids, flags, gatewayCommand);
    });
}
