// Server streaming by grpc-js: the same method and the same message, encoded beforehand, so that
// its own cost per message is all that is measured.
//   node grpc-js-server.ts MESSAGES FILE

import { readFileSync } from 'node:fs';
import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';

const messageCount = Number(process.argv[2]);
const message = readFileSync(process.argv[3] ?? '');
const same = (bytes: Buffer) => bytes;
const method = {
  path: '/google.cloud.aiplatform.v1.PredictionService/StreamGenerateContent',
  requestStream: false,
  responseStream: true,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
} as const;

const server = new Server();
server.addService({ stream: method }, { stream: answer });
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, port) => {
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});

function answer(call: ServerWritableStream<Buffer, Buffer>): void {
  let left = messageCount;
  const fill = () => {
    while (left > 0) {
      left -= 1;
      if (!call.write(message)) return;
    }
    call.off('drain', fill);
    call.end();
  };
  call.on('drain', fill).on('error', () => undefined);
  fill();
}
