// `leakbed mocks`: the words and flags of the fake providers' command; they are loaded with
// serve-mocks.ts when it is chosen.

import { Command, Option } from 'commander';
import type { AuthMode } from '../../mocks/auth/door.ts';
import { portOption, seedOption } from './option-values.ts';

export interface MocksFlags {
  readonly host: string;
  readonly port: number;
  readonly plan?: string;
  readonly seed?: number;
  readonly auth: AuthMode;
  readonly tls?: boolean;
  readonly json?: boolean;
}

const authModes = { off: true, verify: true } satisfies Record<AuthMode, true>;

export function mocksCommand(): Command {
  return new Command('mocks')
    .description('Start the fake Bedrock and Vertex AI endpoints on one port.')
    .option(
      '--host <address>',
      'address to listen on; off loopback LEAKBED_TOKEN is needed',
      '127.0.0.1',
    )
    .option('--port <number>', 'port; 0 picks a free one', portOption, 4010)
    .option('--plan <file>', 'fault plan (JSON) in force from the start')
    .option('--seed <number>', 'seed of all content and chance', seedOption)
    .addOption(
      new Option('--auth <mode>', 'verify: Bedrock asks for credentials')
        .choices(Object.keys(authModes))
        .default('off'),
    )
    .option('--tls', "serve TLS on the same port too, from leakbed's own CA")
    .option('--json', 'print one JSON document once ready, and nothing else on stdout')
    .addHelpText(
      'after',
      `
Point SDKs at it with the variables it prints, then say what to answer in the prompt:
  [[leakbed chunks=200 gap=20ms fault=truncate;at=50%]]`,
    )
    .action(async (flags: MocksFlags) => {
      const { serveMocks } = await import('./serve-mocks.ts');
      await serveMocks(flags);
    });
}
