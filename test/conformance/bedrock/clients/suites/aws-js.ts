// AWS SDK for JavaScript v3, one version in one process: its default handler, NodeHttp2Handler and
// NodeHttpHandler, every command that the version has, at every door of the fake.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Runtime from '@aws-sdk/client-bedrock-runtime';
import type * as Handlers from '@smithy/node-http-handler';
import { type Cells, createCells, load, setup, versionOf } from '../../../clients/suites/cells.ts';
import { type AwsClient, awsCalls } from './aws-js-calls.ts';
import { type Control, controlCalls } from './aws-js-control.ts';
import { type BedrockDoor, doors } from './bedrock.ts';

const runtimeName = `runtime-${setup.version}`;
const controlName = `bedrock-${setup.version}`;
const runtime = load<typeof Runtime>(runtimeName);
// The handlers that this very version depends on.
const handlers = createRequire(join(setup.folder, 'node_modules', runtimeName, 'package.json'))(
  '@smithy/node-http-handler',
) as typeof Handlers;

const variants: Readonly<Record<string, () => object>> = {
  default: () => ({}),
  NodeHttp2Handler: () => ({ requestHandler: new handlers.NodeHttp2Handler() }),
  NodeHttpHandler: () => ({ requestHandler: new handlers.NodeHttpHandler() }),
};

for (const [variant, handler] of Object.entries(variants)) {
  for (const door of doors) {
    const cells = createCells(`${setup.client}, ${variant}`, versionOf(runtimeName), door);
    await runtimeCells(cells, door, handler);
    await controlCells(cells, door, handler);
  }
}

async function runtimeCells(cells: Cells, door: BedrockDoor, handler: () => object): Promise<void> {
  const client = new runtime.BedrockRuntimeClient({ ...options(door), ...handler() });
  const stranger = new runtime.BedrockRuntimeClient({
    ...options({ ...door, secretAccessKey: 'wrong' }),
    ...handler(),
  });
  const aws: AwsClient = { runtime, client, stranger, door };
  try {
    for (const { operation, command, served, body } of awsCalls) {
      if (command in runtime) await cells.cell(operation, served, () => body(aws));
      else cells.absent(operation, `@aws-sdk/client-bedrock-runtime has no ${command}`);
    }
  } finally {
    client.destroy();
    stranger.destroy();
  }
}

async function controlCells(cells: Cells, door: BedrockDoor, handler: () => object): Promise<void> {
  const control = installedControl();
  const client = control && new control.BedrockClient({ ...options(door), ...handler() });
  for (const { operation, input, check } of controlCalls) {
    const Command = control?.[`${operation}Command`];
    if (Command !== undefined && client !== undefined) {
      await cells.cell(operation, [operation], async () =>
        check(await client.send(new Command(input))),
      );
    } else if (control !== undefined) {
      cells.absent(operation, `@aws-sdk/client-bedrock has no ${operation}Command`);
    } else cells.absent(operation, `@aws-sdk/client-bedrock ${setup.version} was never published`);
  }
  client?.destroy();
}

function installedControl(): Control | undefined {
  const wanted = load<{ dependencies: Record<string, string> }>('./package.json').dependencies;
  return controlName in wanted ? load<Control>(controlName) : undefined;
}

function options({ url, accessKeyId, secretAccessKey }: BedrockDoor) {
  return {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  };
}
