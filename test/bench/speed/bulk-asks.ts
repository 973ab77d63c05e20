// One request for a large stream over each transport, as bytes, and what tells that its answer is
// complete. The clients are raw sockets: HTTP/2's window is opened once and for all, so that the
// server alone decides the pace.

import { clientFrame, livePath, setupMessage, userTurn } from '../../fixtures/live-wire.ts';
import {
  bedrockPath,
  converseBody,
  geminiBody,
  grpcCall,
  http1Request,
  vertexPath,
} from '../../fixtures/raw-clients.ts';
import { answerEnd } from './http1-load.ts';
import { http2Ask, http2End } from './http2-wire.ts';

export interface BulkAsk {
  readonly name: string;
  /** All that the client sends, for these words of a directive. */
  bytes(words: string): Buffer;
  /** Made anew for each answer; true with the bytes that complete it. */
  end(): (bytes: Buffer) => boolean;
}

const converse = bedrockPath('converse-stream');
const directive = (words: string) => `[[leakbed ${words}]]`;
const text = (request: string) => Buffer.from(request, 'latin1');

export const bulkAsks: readonly BulkAsk[] = [
  {
    name: 'HTTP/1.1',
    bytes: (words) => text(http1Request(converse, converseBody(directive(words)))),
    end: answerEnd,
  },
  {
    name: 'HTTP/2',
    bytes: (words) => http2Ask({ path: converse, body: converseBody(directive(words)) }),
    end: http2End,
  },
  {
    name: 'SSE',
    bytes: (words) =>
      text(
        http1Request(
          `${vertexPath('streamGenerateContent')}?alt=sse`,
          geminiBody(directive(words)),
        ),
      ),
    end: answerEnd,
  },
  { name: 'gRPC', bytes: (words) => http2Ask(grpcCall(directive(words))), end: http2End },
  { name: 'WebSocket', bytes: liveAsk, end: () => endsWith('"turnComplete": true') },
];

/** Upgrade, setup and turn at once: the server takes them one after the other. */
function liveAsk(words: string): Buffer {
  const upgrade =
    `GET ${livePath} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
  const messages = [setupMessage(), userTurn(directive(words))];
  const frames = messages.map((message) => clientFrame(1, JSON.stringify(message)));
  return Buffer.concat([text(upgrade), ...frames]);
}

/** The last message is short, so it is looked for in the last bytes only. */
function endsWith(mark: string): (bytes: Buffer) => boolean {
  const lastBytes = 1024;
  let tail = '';
  return (bytes) => {
    const last = bytes.toString('latin1', Math.max(0, bytes.length - lastBytes));
    tail = `${tail}${last}`.slice(-lastBytes);
    return tail.includes(mark);
  };
}
