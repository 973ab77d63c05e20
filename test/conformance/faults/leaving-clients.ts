// Clients that leave as soon as something of their answer has come, or has not come for a moment:
// over HTTP/1.1 each with its connection, over HTTP/2 and gRPC with RST_STREAM.

import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { systemClock } from '../../../injectors/determinism.ts';
import {
  type Address,
  bedrockPath,
  converseBody,
  grpcBody,
  http1Request,
} from '../../fixtures/raw-clients.ts';

/** Long answers: nobody sees the end of one. */
const prompt = '[[leakbed chunks=1000 gap=20ms]]';
const path = bedrockPath('converse-stream');
const patienceMs = 150;

const http1Text = http1Request(path, converseBody(prompt));
interface Call {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const restCall: Call = {
  headers: { ':method': 'POST', ':path': path, 'content-type': 'application/json' },
  body: Buffer.from(converseBody(prompt)),
};
const grpcCall: Call = {
  headers: {
    ':method': 'POST',
    ':path': '/google.cloud.aiplatform.v1.PredictionService/StreamGenerateContent',
    'content-type': 'application/grpc',
    te: 'trailers',
  },
  body: grpcBody(prompt),
};

/** One round: so many clients on each transport, all at once. */
export async function leaveTogether(address: Address, count: number): Promise<void> {
  const each = Array.from({ length: count });
  await Promise.all([
    ...each.map(() => leaveHttp1(address)),
    leaveHttp2(address, restCall, count),
    leaveHttp2(address, grpcCall, count),
  ]);
}

function leaveHttp1({ host, port }: Address): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect(port, host, () => socket.write(http1Text));
  const cancel = systemClock.after(patienceMs, () => socket.destroy());
  socket.once('data', () => socket.destroy());
  socket.on('error', () => undefined);
  socket.once('close', () => {
    cancel();
    resolve();
  });
  return promise;
}

/** Twenty streams share a connection, which ends when all of them have. */
const streamsPerSession = 20;

async function leaveHttp2(address: Address, call: Call, count: number): Promise<void> {
  const sessions = Array.from({ length: Math.ceil(count / streamsPerSession) }, async () => {
    const session = connectHttp2(`http://${address.host}:${address.port}`);
    session.on('error', () => undefined);
    const streams = Array.from({ length: streamsPerSession }, () => leaveStream(session, call));
    await Promise.all(streams);
    session.destroy();
  });
  await Promise.all(sessions);
}

function leaveStream(
  session: ReturnType<typeof connectHttp2>,
  { headers, body }: Call,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stream = session.request(headers);
  stream.on('error', () => undefined);
  const cancel = systemClock.after(patienceMs, () => stream.close(8));
  stream.once('data', () => stream.close(8));
  stream.once('close', () => {
    cancel();
    resolve();
  });
  stream.end(body);
  return promise;
}
