// From the flags of `leakbed run` to what is to be run; every contradiction is one sentence.

import { findLeak, findPythonLeak } from '../../injectors/leaks/index.ts';
import { parseFaultWords, printFault } from '../../injectors/plan.ts';
import { openProfile } from '../profiles/open-profile.ts';
import type { Profile } from '../profiles/profile.ts';
import { redactText } from '../redact.ts';
import type { Scenario } from '../scenario.ts';
import type { AttachedChoice, GatewayChoice } from '../subjects/gateway.ts';
import { asUsage, UsageError } from './exit-codes.ts';
import type { RunFlags } from './run-flags.ts';
import { servingProcess } from './serving-process.ts';
import { shellWord } from './shell-word.ts';

export function chosenGateway(flags: RunFlags, command: readonly string[]): GatewayChoice {
  const { url, leak } = flags;
  const [file, ...args] = command;
  refuseTwo(flags, file);
  const profile =
    flags.profile === undefined ? undefined : asUsage(() => openProfile(`${flags.profile}`));
  if (flags.transparent === true) refuseElsewhere(flags, file === undefined);
  const attached = attachedGateway(flags, file !== undefined, profile);
  const isReference = attached === undefined && file === undefined && profile === undefined;
  if (leak !== undefined && !isReference) {
    throw new UsageError(
      'Cannot use --leak with a gateway of your own: leaks are planted in the reference gateway.',
    );
  }
  if (attached !== undefined) return attached;
  if (profile !== undefined) return { kind: 'profile', profile };
  if (file !== undefined) return { kind: 'command', command: [file, ...args], url };
  const kind = flags.gateway ?? 'reference';
  const find = kind === 'reference' ? findLeak : findPythonLeak;
  if (leak !== undefined) asUsage(() => find(leak));
  return { kind, leak };
}

function refuseTwo({ gateway, profile, pid, container, metrics }: RunFlags, file?: string): void {
  const running = [pid && '--pid', container && '--container', metrics && '--metrics'];
  const started = [gateway && '--gateway', file && '-- COMMAND'];
  const ways = [...started, ...running].filter(Boolean);
  // A profile says how to start a gateway, or how to ask one that runs.
  if (profile !== undefined && started.some(Boolean)) ways.push('--profile');
  if (ways.length < 2) return;
  throw new UsageError(`Cannot use ${ways.join(' and ')} together: they name two gateways.`);
}

/** A gateway that runs already; undefined where leakbed is to start one. */
function attachedGateway(
  flags: RunFlags,
  hasCommand: boolean,
  profile: Profile | undefined,
): AttachedChoice | undefined {
  const { pid, container, metrics } = flags;
  const asked = profile === undefined ? {} : { profile };
  const fixed = profile?.url.includes('{port}') === false ? profile.url : undefined;
  const url = flags.url ?? fixed;
  const needUrl = (flag: string) => {
    if (url !== undefined) return url;
    throw new UsageError(`Cannot use ${flag} without --url: where does it listen?`);
  };
  if (pid !== undefined) return { kind: 'pid', pid, url: needUrl('--pid'), ...asked };
  if (container !== undefined) return { kind: 'container', name: container, url, ...asked };
  if (metrics !== undefined) {
    return { kind: 'remote', url: needUrl('--metrics'), metricsUrl: metrics, ...asked };
  }
  const isNamed = profile === undefined ? flags.url !== undefined : profile.start === undefined;
  if (hasCommand || !isNamed || url === undefined) return undefined;
  return { kind: 'pid', pid: servingProcess(url), url, ...asked };
}

/** What already runs is in the machine's network, and cannot be taken into another. */
function refuseElsewhere(flags: RunFlags, isReference: boolean): void {
  const { pid, container, metrics, url, mocks } = flags;
  const named = [
    pid !== undefined && '--pid',
    container !== undefined && '--container',
    metrics !== undefined && '--metrics',
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
    ...(flags.steady === true ? ['--steady'] : []),
    ...(flags.budget === undefined ? [] : [`--budget ${shellWord(flags.budget)}`]),
    ...(flags.pid === undefined ? [] : [`--pid ${flags.pid}`]),
    ...(flags.container === undefined ? [] : [`--container ${shellWord(flags.container)}`]),
    ...(flags.metrics === undefined ? [] : [`--metrics ${shellWord(flags.metrics)}`]),
    ...(flags.url === undefined ? [] : [`--url ${shellWord(flags.url)}`]),
    ...(flags.mocks === undefined ? [] : [`--mocks ${shellWord(flags.mocks)}`]),
    ...(command.length === 0 ? [] : [`-- ${command.map(shellWord).join(' ')}`]),
  ];
  return words.join(' ');
}

/** Passwords in their URLs are taken out. */
function sinkWords({ sink, sinkContainer, ledger }: RunFlags): readonly string[] {
  const url = sink && redactText(`${sink.variable}=${sink.url}`);
  return [
    ...(url === undefined ? [] : [`--sink ${shellWord(url)}`]),
    ...(ledger === undefined ? [] : [`--ledger ${shellWord(redactText(ledger))}`]),
    ...(sinkContainer === undefined ? [] : [`--sink-container ${shellWord(sinkContainer)}`]),
  ];
}
