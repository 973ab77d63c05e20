// @google-cloud/aiplatform, one version in one process: every call it has for what the fake serves,
// in both API versions, over gRPC and over its REST fallback.

import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type * as Gax from 'google-gax';
import {
  brokenPrompt,
  type Cells,
  createCells,
  load,
  refusal,
  setup,
  throttledPrompt,
  versionOf,
} from '../../../clients/suites/cells.ts';
import { vertexCalls } from '../../calls.ts';
import { all, type Clients, clientsOf, type Sdk, type VertexCall } from '../../vertex-call.ts';
import { matches } from './matches.ts';
import { accountOf, doors, loadBeside, models, scope, type VertexDoor } from './vertex.ts';

const name = `aiplatform-${setup.version}`;
const sdk = load<Sdk>(name);
const gax = loadBeside<typeof Gax>(name, 'google-gax');
const model = `${scope}/publishers/google/models/${models.gemini}`;
const versions = ['v1', 'v1beta1'] as const;

for (const transport of ['grpc', 'rest'] as const) {
  for (const door of doors) {
    const row = `${setup.client}, ${transport === 'grpc' ? 'gRPC' : 'REST'}`;
    const cells = createCells(row, versionOf(name), door);
    const clients = versions.map((version) => clientsOf(sdk, version, options(door, transport)));
    for (const call of vertexCalls) await everyVersion(cells, clients, transport, call);
    await errors(cells, clients, transport);
    await Promise.all(clients.map(({ close }) => close()));
  }
}

function options(door: VertexDoor, transport: 'grpc' | 'rest') {
  const { hostname, port, protocol } = new URL(door.url);
  // Insecure credentials send no token; over TLS the SDK's own send it.
  const isPlain = transport === 'grpc' && protocol === 'http:';
  return {
    apiEndpoint: hostname,
    port: Number(port),
    auth: new gax.GoogleAuth({ authClient: accountOf(name, door) as never }),
    ...(transport === 'rest' && { fallback: true, protocol: protocol.slice(0, -1) }),
    ...(isPlain && { sslCreds: gax.grpc.credentials.createInsecure() }),
  };
}

async function everyVersion(
  cells: Cells,
  clients: readonly Clients[],
  transport: 'grpc' | 'rest',
  call: VertexCall,
): Promise<void> {
  const isServed = call.transports?.includes(transport) ?? true;
  if (!isServed) return cells.absent(call.name, 'the REST fallback has no such call');
  const able = clients.filter(({ version }) => call.versions?.includes(version) ?? true);
  const serves = call.serves ?? [call.name.split(',')[0] ?? ''];
  await cells.cell(
    call.name,
    able.flatMap(() => serves),
    async () => {
      for (const client of able) {
        const answer = await call.run(client);
        const said = `${client.version}: ${inspect(answer)} instead of ${inspect(call.wanted)}`;
        assert.ok(matches(answer, call.wanted), said);
      }
    },
  );
}

async function errors(cells: Cells, clients: readonly Clients[], transport: 'grpc' | 'rest') {
  const asked = (text: string) => ({ model, contents: [{ role: 'user', parts: [{ text }] }] });
  const [first] = clients;
  if (first === undefined) return;
  await cells.cell('throttled', ['GenerateContent'], async () => {
    const error = await refusal(() => first.prediction.generateContent(asked(throttledPrompt)));
    // Until gax 6 a REST error had the status of HTTP.
    const isHttp = transport === 'rest' && setup.version === '6';
    assert.equal((error as Gax.GoogleError).code, isHttp ? 429 : 8);
  });
  await cells.cell('exception', ['StreamGenerateContent'], async () => {
    const stream = first.prediction.streamGenerateContent(asked(brokenPrompt));
    const chunks: unknown[] = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    const work = () => all(stream as AsyncIterable<unknown>);
    if (transport === 'grpc') {
      assert.equal(((await refusal(work)) as Gax.GoogleError).code, 8);
      assert.equal(chunks.length, 3);
      return;
    }
    // Over REST the error arrives as one more message, without candidates.
    await work();
    assert.deepEqual([chunks.length, matches(chunks[3], { candidates: [] })], [4, true]);
  });
}
