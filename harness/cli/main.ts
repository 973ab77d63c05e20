// The command line: one file per command, joined here. Human words go to stderr; with --json
// stdout carries one document.

import { Command, CommanderError } from 'commander';
import { redactText } from '../redact.ts';
import { analyzeCommand } from './analyze.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { exitCodes, UsageError } from './exit-codes.ts';
import { listCommands } from './lists.ts';
import { matrixCommand } from './matrix.ts';
import { mocksCommand } from './mocks.ts';
import { proxyCommand } from './proxy.ts';
import { reportCommand } from './report.ts';
import { reproCommand } from './repro.ts';
import { runCommand } from './run.ts';
import { leakbedVersion } from './version.ts';
import { watchCommand } from './watch.ts';

const description = `Finds memory leaks in LLM gateways: fake Bedrock and Vertex AI endpoints whose
streams break on demand, load, and a verdict with its evidence.`;

const examples = `
Examples:
  $ leakbed run                                   the smoke suite on the reference gateway
  $ leakbed run streaming-connections --leak unread-stream
  $ leakbed run --url http://127.0.0.1:8080 -- node my-gateway.js
  $ leakbed matrix                                every fault, and what each leaves behind
  $ leakbed compare leakbed-baseline.json runs    does it keep more than it did?
  $ leakbed watch --pid 4242                      alerts when a running process leaks
  $ leakbed mocks --port 4010                     only the fake providers
  $ leakbed faults truncate                       what a fault does and its options

Exit codes: 0 pass, 1 fail, 2 inconclusive, 254 wrong usage, 255 leakbed crashed.`;

export async function main(argv: readonly string[]): Promise<void> {
  const { own, tail } = splitAtDashes(argv);
  const program = new Command('leakbed')
    .description(description)
    .version(leakbedVersion())
    .addHelpText('after', examples)
    .showHelpAfterError('(add --help for what there is)')
    .configureOutput({ outputError: (text, write) => write(`leakbed: ${text}`) })
    .exitOverride();
  const commands = [
    runCommand(tail),
    matrixCommand(tail),
    watchCommand(),
    mocksCommand(tail),
    proxyCommand(),
    analyzeCommand(),
    reportCommand(),
    compareCommand(),
    reproCommand(),
    doctorCommand(),
    ...listCommands(),
    completionCommand(program),
  ];
  for (const command of commands) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(own);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** What follows `--` is a gateway's command line and none of leakbed's business. */
function splitAtDashes(argv: readonly string[]) {
  const dashes = argv.indexOf('--');
  if (dashes === -1) return { own: argv, tail: [] };
  return { own: argv.slice(0, dashes), tail: argv.slice(dashes + 1) };
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    const isHelp = error.code === 'commander.helpDisplayed' || error.code === 'commander.version';
    return isHelp || error.exitCode === 0 ? 0 : exitCodes.usage;
  }
  if (error instanceof UsageError) {
    // A message may quote the gateway's command line, and CI logs are read by many.
    console.error(`leakbed: ${redactText(error.message)}`);
    return exitCodes.usage;
  }
  console.error('leakbed: crashed; this is a bug of leakbed.');
  console.error(error);
  return exitCodes.crash;
}
