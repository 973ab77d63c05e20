// From the flags of `leakbed run` to what is to be run; every contradiction is one sentence.

import { findLeak, findPythonLeak } from '../../injectors/leaks/index.ts';
import { parseFaultWords, printFault } from '../../injectors/plan.ts';
import { openProfile } from '../profiles/open-profile.ts';
import { redactText } from '../redact.ts';
import type { Scenario } from '../scenario.ts';
import type { GatewayChoice } from '../subjects/gateway.ts';
import { asUsage, UsageError } from './exit-codes.ts';
import type { RunFlags } from './run-flags.ts';
import { servingProcess } from './serving-process.ts';
import { shellWord } from './shell-word.ts';

export function chosenGateway(flags: RunFlags, command: readonly string[]): GatewayChoice {
  const { pid, url, leak } = flags;
  const [file, ...args] = command;
  const ways = [
    flags.gateway && '--gateway',
    flags.profile && '--profile',
    pid && '--pid',
    file && '-- COMMAND',
  ].filter(Boolean);
  if (ways.length > 1) {
    throw new UsageError(`Cannot use ${ways.join(' and ')} together: they name two gateways.`);
  }
  const isReference =
    pid === undefined && file === undefined && url === undefined && flags.profile === undefined;
  if (leak !== undefined && !isReference) {
    throw new UsageError(
      'Cannot use --leak with a gateway of your own: leaks are planted in the reference gateway.',
    );
  }
  const profile =
    flags.profile === undefined ? undefined : asUsage(() => openProfile(`${flags.profile}`));
  if (flags.transparent === true) refuseElsewhere(flags, file === undefined);
  if (profile !== undefined) return { kind: 'profile', profile };
  if (pid !== undefined) {
    if (url === undefined)
      throw new UsageError('Cannot use --pid without --url: where does it listen?');
    return { kind: 'pid', pid, url };
  }
  if (file !== undefined) return { kind: 'command', command: [file, ...args], url };
  if (url !== undefined) return { kind: 'pid', pid: servingProcess(url), url };
  const kind = flags.gateway ?? 'reference';
  const find = kind === 'reference' ? findLeak : findPythonLeak;
  if (leak !== undefined) asUsage(() => find(leak));
  return { kind, leak };
}

/** What already runs is in the machine's network, and cannot be taken into another. */
function refuseElsewhere({ pid, url, mocks }: RunFlags, isReference: boolean): void {
  const named = [
    pid !== undefined && '--pid',
    pid === undefined && url !== undefined && isReference && '--url without -- COMMAND',
    mocks !== undefined && '--mocks',
  ].find((flag) => flag !== false);
  if (named === undefined) return;
  throw new UsageError(
    `Cannot use --transparent with ${named}: what already runs is out of reach of a network of ` +
      'its own. Let leakbed start both: run --transparent -- COMMAND.',
  );
}

/** The command that repeats one scenario of this run; holds no secret. */
export function repeatCommand(
  scenario: Scenario,
  flags: RunFlags,
  seed: number,
  command: readonly string[],
): string {
  const words = [
    'npx leakbed run',
    scenario.id,
    `--seed ${seed}`,
    `--scale ${flags.scale}`,
    ...(flags.transparent === true ? ['--transparent'] : []),
    ...(flags.releaseWatch === undefined ? [] : [`--release-watch ${flags.releaseWatch}s`]),
    ...(flags.gateway === undefined ? [] : [`--gateway ${flags.gateway}`]),
    ...(flags.profile === undefined ? [] : [`--profile ${shellWord(flags.profile)}`]),
    ...sinkWords(flags),
    ...(flags.leak === undefined ? [] : [`--leak ${flags.leak}`]),
    ...flags.fault.map((fault) => `--fault ${shellWord(printFault(parseFaultWords(fault)))}`),
    ...(flags.pid === undefined ? [] : [`--pid ${flags.pid}`]),
    ...(flags.url === undefined ? [] : [`--url ${shellWord(flags.url)}`]),
    ...(flags.mocks === undefined ? [] : [`--mocks ${shellWord(flags.mocks)}`]),
    ...(command.length === 0 ? [] : [`-- ${command.map(shellWord).join(' ')}`]),
  ];
  return words.join(' ');
}

/** A password in the sink's URL is taken out. */
function sinkWords({ sink, sinkContainer }: RunFlags): readonly string[] {
  const url = sink && redactText(`${sink.variable}=${sink.url}`);
  return [
    ...(url === undefined ? [] : [`--sink ${shellWord(url)}`]),
    ...(sinkContainer === undefined ? [] : [`--sink-container ${shellWord(sinkContainer)}`]),
  ];
}
