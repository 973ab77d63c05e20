// aimock's ConverseStream (@copilotkit/aimock): PIECES deltas of BYTES characters, without pauses.
//   node aimock.ts FOLDER PIECES BYTES

import { createRequire } from 'node:module';

interface Aimock {
  onMessage(pattern: RegExp, reply: { readonly content: string }): unknown;
  start(): Promise<string>;
}
type AimockModule = {
  readonly LLMock: new (options: object) => Aimock;
};

const [folder = '', pieces, bytes] = process.argv.slice(2);
const pieceBytes = Number(bytes);
const { LLMock } = createRequire(`${folder}/`)('@copilotkit/aimock') as AimockModule;
const mock = new LLMock({ port: 0, chunkSize: pieceBytes, latency: 0, logLevel: 'silent' });
const content = 'plain words '.repeat(1 + (Number(pieces) * pieceBytes) / 12);
mock.onMessage(/./, { content: content.slice(0, Number(pieces) * pieceBytes) });
process.stdout.write(`${JSON.stringify({ url: await mock.start() })}\n`);
