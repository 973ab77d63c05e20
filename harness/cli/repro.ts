// `leakbed repro`: one unit of SDK work in a clean process with exactly the named versions, and
// what it retains per call.

import { Command, InvalidArgumentError, Option } from 'commander';
import { scales } from '../scenario.ts';
import { UsageError } from './exit-codes.ts';
import { bytesOption, collect, seedOption, usersOption } from './option-values.ts';
import type { ReproFlags } from './repro-variants.ts';

export function reproCommand(): Command {
  return new Command('repro')
    .description('Run one unit of SDK work with exact package versions: what does a call retain?')
    .argument('[slug|module]', 'an entry of `leakbed leaks`, or a module of your own (FILE#export)')
    .option('--package <name@version>', 'install this package; again for more', collect, [])
    .option(
      '--compare <name@version>',
      'then the same with this version; again for more packages',
      collect,
      [],
    )
    .option('--node <version>', 'run on this version of Node (22, 20.18.1), taken from npm')
    .option('--fault <words>', 'what the fake providers do: NAME;option=value', collect, [])
    .option('--plan <file>', 'the same as a fault plan: a file, or JSON')
    .option('--users <number>', 'units of work at a time: 4', usersOption)
    .option('--tolerate <bytes>', 'growth per call that is no leak: 64', bytesOption)
    .option(
      '--resolution <bytes>',
      'inconclusive where a leak of so much per call could hide: 512',
      bytesOption,
    )
    .option('--max-seconds <number>', 'judge at most so many seconds of work', secondsAtMost)
    .option(
      '--rest <seconds>',
      'rest this long after a leak; 330 tells it from a late release',
      restOption,
      2,
    )
    .option('--no-suspects', 'do not look for who keeps the memory: half the time')
    .addOption(new Option('--scale <scale>', 'how long').choices([...scales]).default('smoke'))
    .option('--seed <number>', 'repeat a run', seedOption)
    .option('--out <folder>', 'folder of the records', 'runs')
    .option('--init <file>', 'write a module to start from, and nothing else')
    .option('--json', 'print one JSON document')
    .addHelpText('after', help)
    .action(async (what: string | undefined, flags: ReproFlags & { readonly init?: string }) => {
      const { runRepro, writeTemplate } = await import('./run-repro.ts');
      if (flags.init !== undefined) await writeTemplate(flags.init);
      else if (what !== undefined) await runRepro(what, flags);
      else {
        throw new UsageError(
          'Cannot reproduce nothing: name an entry of `leakbed leaks`, a module, or --init FILE.',
        );
      }
    });
}

const help = `
Your module exports the work as default; what it imports comes from --package:
  export default async ({ bedrockUrl, vertexUrl, env, signal, iteration }) => { ... }

Packages and Node are installed once, into ~/.cache/leakbed (or $XDG_CACHE_HOME); after that no
network is needed.

Exit code: 0 when an entry behaves as published, or your module retains nothing; 1 when not; 2 when
there was too little to tell.

Examples:
  $ leakbed repro smithy-drained-sessions          a published leak and its mended version
  $ leakbed repro --init my-repro.mjs              a module to start from
  $ leakbed repro ./my-repro.mjs --package undici@6.19.7 --compare undici@6.19.8
  $ leakbed repro ./my-repro.mjs --package @aws-sdk/client-bedrock-runtime@3.1164.0 --node 22 \\
      --fault 'truncate;at=50%;end=cut' --rest 330`;

const secondsBetween =
  (least: number) =>
  (raw: string): number => {
    const seconds = Number(raw);
    if (seconds >= least && seconds <= 3600) return seconds;
    throw new InvalidArgumentError(`Give seconds from ${least} to 3600.`);
  };

const restOption = secondsBetween(1);
const secondsAtMost = secondsBetween(5);
