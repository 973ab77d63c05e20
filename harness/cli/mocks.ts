// `leakbed mocks`: the words and flags of the fake providers' command; they are loaded with
// serve-mocks.ts when it is chosen.

import { Command, Option } from 'commander';
import type { AuthMode } from '../../mocks/auth/door.ts';
import type { Address } from '../../mocks/listen.ts';
import { addressOption, portOption, seedOption, urlOption } from './option-values.ts';

export interface MocksFlags {
  readonly host: string;
  readonly port: number;
  readonly alsoOn: readonly Address[];
  readonly transparent?: boolean;
  readonly plan?: string;
  readonly seed?: number;
  readonly auth: AuthMode;
  readonly tls?: boolean;
  readonly caOut?: string;
  readonly upstream?: string;
  readonly json?: boolean;
}

const authModes = { off: true, verify: true } satisfies Record<AuthMode, true>;

const collectAddress = (value: string, all: readonly Address[]) => [...all, addressOption(value)];

/** `command` is what followed `--` on the command line; the fakes live as long as it does. */
export function mocksCommand(command: readonly string[]): Command {
  return new Command('mocks')
    .description('Start the fake Bedrock and Vertex AI endpoints on one port.')
    .usage('[options] [-- COMMAND…]')
    .option(
      '--host <address>',
      'address to listen on; off loopback LEAKBED_TOKEN is needed',
      '127.0.0.1',
    )
    .option('--port <number>', 'port; 0 picks a free one', portOption, 4010)
    .option('--also-on <host:port>', 'listen here too; may be said again', collectAddress, [])
    .option('--transparent', 'COMMAND finds them under the real host names, in its own network')
    .option('--upstream <url>', 'answers come from there, disturbed on their way', urlOption)
    .option('--plan <file>', 'fault plan in force from the start: a file, or JSON')
    .option('--seed <number>', 'seed of all content and chance', seedOption)
    .addOption(
      new Option('--auth <mode>', 'verify: Bedrock and Vertex AI ask for credentials')
        .choices(Object.keys(authModes))
        .default('off'),
    )
    .option('--tls', "serve TLS on the same port too, from leakbed's own CA")
    .option('--ca-out <file>', "write the CA's certificate here too, for clients to trust")
    .option('--json', 'print one JSON document once ready, and nothing else on stdout')
    .addHelpText(
      'after',
      `
Point SDKs at it with the variables it prints, then say what to answer in the prompt:
  [[leakbed chunks=200 gap=20ms fault=truncate;at=50%]]
A COMMAND is started with them, and the fakes end with it:
  $ leakbed mocks --port 0 -- node my-script.js
  $ leakbed mocks --transparent -- python my_script.py`,
    )
    .action(async (flags: MocksFlags) => {
      const { serveMocks } = await import('./serve-mocks.ts');
      await serveMocks(flags, command);
    });
}
