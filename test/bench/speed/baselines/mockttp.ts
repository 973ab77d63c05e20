// A recorded answer from mockttp, for whatever is asked.
//   node mockttp.ts FOLDER FILE CONTENT-TYPE

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Mockttp {
  start(): Promise<void>;
  forAnyRequest(): {
    thenReply(status: number, body: Buffer, headers: object): Promise<unknown>;
  };
  readonly url: string;
}
type MockttpModule = {
  getLocal(options: object): Mockttp;
};

const [folder = '', file = '', type = ''] = process.argv.slice(2);
const { getLocal } = createRequire(`${folder}/`)('mockttp') as MockttpModule;
const server = getLocal({ recordTraffic: false });
await server.start();
const body = readFileSync(file);
// It adds no header of its own, not even the one that says how long the answer is.
const headers = { 'content-type': type, 'content-length': String(body.length) };
await server.forAnyRequest().thenReply(200, body, headers);
const { port } = new URL(server.url);
process.stdout.write(`${JSON.stringify({ port: Number(port) })}\n`);
