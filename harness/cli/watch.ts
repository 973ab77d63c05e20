// `leakbed watch`: its words and flags. What it does is loaded when it is asked for.

import { Command } from 'commander';
import type { TcpAddress } from '../../injectors/tcp/address.ts';
import {
  collect,
  memoryOption,
  pidOption,
  servedOption,
  spanOption,
  urlOption,
} from './option-values.ts';

export interface WatchFlags {
  readonly pid?: number;
  readonly match?: string;
  readonly container?: string;
  readonly url?: string;
  readonly requests?: string;
  readonly requestsMetric?: string;
  readonly packets?: boolean;
  readonly name?: string;
  readonly alert: readonly string[];
  readonly diagnose?: boolean;
  readonly limit?: number;
  readonly allow?: number;
  readonly for?: number;
  readonly every: number;
  readonly window: number;
  readonly metricsPort?: TcpAddress;
  readonly json?: boolean;
}

export function watchCommand(): Command {
  return new Command('watch')
    .description('Watch a process that leakbed does not load, and raise an alert when it leaks.')
    .option('--pid <number>', 'a process on this machine, and all that it has started', pidOption)
    .option('--match <pattern>', 'its command line, as a regular expression; also after a restart')
    .option('--container <name>', 'a running container (Docker)')
    .option(
      '--url <url>',
      'its page of metrics (Prometheus), where that is all there is',
      urlOption,
    )
    .option('--requests <url>', 'count requests on this page; CPU time stands for them', urlOption)
    .option('--requests-metric <name>', 'the counter of requests, where it has no usual name')
    .option('--packets', 'received packets stand for requests, of a container for instance')
    .option('--name <name>', 'what it is called in alerts and metrics')
    .option('--alert <command|url>', 'whom to tell, see below; may be said again', collect, [])
    .option('--diagnose', 'profile a leaking target for a minute, to name who keeps the memory')
    .option(
      '--limit <size>',
      'its memory limit, where it is not its cgroup that says so',
      memoryOption,
    )
    .option('--allow <size>', 'what its caches may add to its first level', memoryOption, 0)
    .option('--for <time>', 'end after this time: 1 leaking, 0 not, 2 not known', spanOption)
    .option('--every <time>', 'how often it is read', spanOption, 2000)
    .option(
      '--window <time>',
      'the measure of time; all else is multiples of it',
      spanOption,
      20_000,
    )
    .option('--metrics-port <[host:]port>', 'tell a Prometheus of it: /metrics', servedOption)
    .option('--json', 'print one JSON document on stdout at the end')
    .addHelpText(
      'after',
      `
An alert is JSON: on the standard input of a command, or as the body of a POST. A URL that ends in
/api/v2/alerts is an Alertmanager's.

Examples:
  $ leakbed watch --pid 4242 --requests http://127.0.0.1:8080/metrics --for 8h
  $ leakbed watch --match 'node .*gateway' --diagnose --alert ./page-somebody.sh
  $ leakbed watch --container gateway --alert http://127.0.0.1:9093/api/v2/alerts
  $ leakbed watch --url http://10.0.0.7:9100/metrics --metrics-port 9464`,
    )
    .action(async (flags: WatchFlags) => {
      const { runWatch } = await import('./run-watch.ts');
      await runWatch(flags);
    });
}
