// `leakbed repro`: one unit of SDK work in a clean process with exactly the named versions, and
// what it retains per call.

import { Command, Option } from 'commander';
import { scales } from '../scenario.ts';
import { collect, seedOption } from './option-values.ts';

export function reproCommand(): Command {
  return new Command('repro')
    .description('Run one unit of SDK work with exact package versions: what does a call retain?')
    .argument('<slug|module>', 'an entry of `leakbed leaks`, or a module of your own')
    .option('--package <name@version>', 'install this package; again for more', collect, [])
    .option(
      '--compare <name@version>',
      'the same with this version too; again for more',
      collect,
      [],
    )
    .option('--node <version>', 'run on this version of Node (24, 20.18.1)')
    .option('--fault <words>', 'what the fake providers do: NAME;option=value', collect, [])
    .option(
      '--rest <seconds>',
      'rest this long afterwards; 330 tells a leak from a late release',
      '2',
    )
    .addOption(new Option('--scale <scale>', 'how long').choices([...scales]).default('smoke'))
    .option('--seed <number>', 'repeat a run', seedOption)
    .option('--out <folder>', 'folder of the records', 'runs')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Your module exports the work as default; what it imports comes from --package:
  export default async ({ bedrockUrl, vertexUrl, env, signal, iteration }) => { ... }

Examples:
  $ leakbed repro undici-unread-clones             a published leak and its mended version
  $ leakbed repro ./my-repro.mjs --package undici@6.19.7 --compare undici@6.19.8
  $ leakbed repro ./my-repro.mjs --package @aws-sdk/client-bedrock-runtime@3.797.0 --node 20 \\
      --fault 'truncate;at=50%'`,
    )
    .action(async (what: string, flags) => (await import('./run-repro.ts')).runRepro(what, flags));
}
