// ConverseStream: messageStart, the deltas of one text block, contentBlockStop, messageStop and
// metadata. A text block has no contentBlockStart; the service sends one for tool use only.

import type { Codec, EncodedFrame, Operation } from '../provider.ts';
import type { StreamScript } from '../script/script.ts';
import { readConverse } from './converse-request.ts';
import { eventFrame, exceptionFrame } from './event-frames.ts';
import { createPadding } from './padding.ts';
import { stopReasons } from './stop-reason.ts';
import { converseUsage, latencyMs } from './usage.ts';

export const converseStream: Operation = {
  name: 'ConverseStream',
  read: (request, params) => readConverse('ConverseStream', request, params),
  answer: (_call, script, request) => ({
    status: 200,
    headers: {
      'Content-Type': 'application/vnd.amazon.eventstream',
      'x-amzn-RequestId': request.requestId,
    },
    isStreaming: true,
    // messageStart, messageStop and metadata; a block that was opened is also closed.
    totalEvents: script.textEvents + (script.textEvents > 0 ? 4 : 3),
    codec: createConverseCodec(script),
  }),
};

/** JSON is put together by hand where it is sent most: its keys are fixed and sorted. */
export function createConverseCodec(script: StreamScript): Codec {
  const padding = createPadding(script.rng.fork('padding'));
  let isBlockOpen = false;
  const closeBlock = (): EncodedFrame[] => {
    if (!isBlockOpen) return [];
    isBlockOpen = false;
    const json = `{"contentBlockIndex":0,"p":"${padding()}"}`;
    return [eventFrame('contentBlockStop', 'stop', json)];
  };
  return {
    encode(event) {
      switch (event.kind) {
        case 'start':
          return [eventFrame('messageStart', 'start', `{"p":"${padding()}","role":"assistant"}`)];
        case 'text': {
          isBlockOpen = true;
          const delta = `{"text":${JSON.stringify(event.text)}}`;
          const json = `{"contentBlockIndex":0,"delta":${delta},"p":"${padding()}"}`;
          return [eventFrame('contentBlockDelta', 'delta', json)];
        }
        case 'stop': {
          const closed = closeBlock();
          const json = `{"p":"${padding()}","stopReason":"${stopReasons[event.reason]}"}`;
          return [...closed, eventFrame('messageStop', 'stop', json)];
        }
        case 'usage': {
          const metrics = { latencyMs: latencyMs(script) };
          const json = JSON.stringify({ metrics, p: padding(), usage: converseUsage(event) });
          return [eventFrame('metadata', 'usage', json)];
        }
        default:
          return [];
      }
    },
    finish: () => [],
    exception: (name, message) => [exceptionFrame(name, message)],
  };
}
