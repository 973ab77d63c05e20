// Which framing an answer has, so that faults can say where they do not apply. Seen from what the
// answer declares, so that no operation has to tell it twice.

import type { Framing, TransportName } from '../injectors/stream.ts';
import type { Answer } from './provider.ts';

export function framingOf(
  transport: TransportName,
  answer: Pick<Answer, 'isStreaming' | 'headers'>,
): Framing {
  if (!answer.isStreaming) return 'body';
  if (transport === 'grpc' || transport === 'websocket') return transport;
  const entry = Object.entries(answer.headers).find(([name]) => /^content-type$/i.test(name));
  const type = entry?.[1] ?? '';
  if (type.startsWith('application/vnd.amazon.eventstream')) return 'event-stream';
  if (type.startsWith('text/event-stream')) return 'sse';
  return type.startsWith('application/json') ? 'json-array' : 'body';
}
