// ConverseStream: messageStart, the blocks, messageStop and metadata. Text and reasoning begin
// straight with a delta; the service sends contentBlockStart for tool use only.

import type { ModelEvent } from '../../injectors/stream.ts';
import type { Codec, EncodedFrame, Operation } from '../provider.ts';
import { countEvents } from '../script/event-count.ts';
import type { StreamScript } from '../script/script.ts';
import { citationJson } from './citation.ts';
import { modelFields, traceOf } from './converse-extras.ts';
import { type ConverseCall, readConverse } from './converse-request.ts';
import { type EventType, errorFrame, eventFrame } from './event-frames.ts';
import { extraBlocks, extraEventCount, extraFrames } from './extra-blocks.ts';
import { toolUseId } from './identifiers.ts';
import { createPadding } from './padding.ts';
import { writing } from './prompt-cache/use-cache.ts';
import { stopReasons } from './stop-reason.ts';
import { textDelta, textDeltas } from './text-deltas.ts';
import { converseUsage, latencyMs } from './usage.ts';

export const converseStream: Operation<ConverseCall> = {
  name: 'ConverseStream',
  read: (request, params) => readConverse('ConverseStream', request, params),
  answer: (call, script, request) => ({
    status: 200,
    headers: {
      'Content-Type': 'application/vnd.amazon.eventstream',
      'x-amzn-RequestId': request.requestId,
    },
    isStreaming: true,
    totalEvents: countEvents(sendsInputWhole(call) ? withWholeInputs(script) : script, {
      around: 3 + extraEventCount(extraBlocks(call, script)),
      thinking: 2,
      text: 1,
      tool: startsToolsEmpty(call) ? 3 : 2,
    }),
    codec: writing(createConverseCodec(call, script), call.cached),
  }),
};

/** Claude's first piece of a tool's input is empty; other models have none such. */
function startsToolsEmpty({ modelId }: ConverseCall): boolean {
  return modelId.vendor === 'anthropic';
}

/** Amazon's own models send a tool's input in one piece. */
function sendsInputWhole({ modelId }: ConverseCall): boolean {
  return modelId.vendor === 'amazon';
}

function withWholeInputs(script: StreamScript): StreamScript {
  const blocks = script.blocks.map((block) =>
    block.kind === 'tool' ? { ...block, events: 1 } : block,
  );
  return { ...script, blocks };
}

/** JSON is put together by hand where it is sent most: its keys are fixed and sorted. */
function createConverseCodec(call: ConverseCall, script: StreamScript): Codec {
  const padding = createPadding(script.rng.fork('padding'));
  let open: 'thinking' | 'text' | 'tool' | undefined;
  const extras = extraBlocks(call, script);
  let index = extras.length;
  let heldInput = '';
  const close = (): EncodedFrame[] => {
    if (open === undefined) return [];
    const input = heldInput === '' ? [] : [deltaFrame(toolDelta(heldInput))];
    heldInput = '';
    open = undefined;
    const json = `{"contentBlockIndex":${index},"p":"${padding()}"}`;
    index += 1;
    return [...input, eventFrame('contentBlockStop', 'stop', json)];
  };
  const deltaFrame = (json: string) => {
    const whole = `{"contentBlockIndex":${index},"delta":${json},"p":"${padding()}"}`;
    return eventFrame('contentBlockDelta', 'delta', whole);
  };
  const within = (block: typeof open, make: () => EncodedFrame): EncodedFrame[] => {
    const closed = open === block ? [] : close();
    open = block;
    return [...closed, make()];
  };
  const delta = (block: typeof open, json: string) => within(block, () => deltaFrame(json));
  const beginTool = ({ id, name }: Extract<ModelEvent, { kind: 'tool-call' }>) => {
    const closed = close();
    const toolUse = { name, toolUseId: toolUseId(id) };
    const start = { contentBlockIndex: index, p: padding(), start: { toolUse } };
    open = 'tool';
    const begun = [...closed, frame('contentBlockStart', 'start', start)];
    return startsToolsEmpty(call) ? [...begun, deltaFrame(toolDelta(''))] : begun;
  };
  return {
    encode(event) {
      switch (event.kind) {
        case 'start':
          return [
            eventFrame('messageStart', 'start', `{"p":"${padding()}","role":"assistant"}`),
            ...extraFrames(extras, padding),
          ];
        case 'text':
          return within('text', () => textDelta(index, event.text));
        case 'citation':
          return delta('text', JSON.stringify({ citation: citationJson(event.citation) }));
        case 'thinking':
          return delta('thinking', `{"reasoningContent":{"text":${JSON.stringify(event.text)}}}`);
        case 'signature':
          return delta('thinking', `{"reasoningContent":{"signature":"${event.signature}"}}`);
        case 'tool-call':
          return beginTool(event);
        case 'tool-input':
          if (!sendsInputWhole(call)) return delta('tool', toolDelta(event.json));
          heldInput += event.json;
          return [];
        case 'stop': {
          const stopReason = stopReasons[event.reason];
          const value = { ...modelFields(call, event.reason), p: padding(), stopReason };
          return [...close(), frame('messageStop', 'stop', value)];
        }
        case 'usage':
          return [frame('metadata', 'usage', metadata(call, script, padding(), event))];
      }
    },
    run: (texts) => within('text', () => textDeltas(index, texts)),
    finish: () => [],
    exception: (name, message) => [errorFrame(name, message)],
  };
}

function frame(type: EventType, label: EncodedFrame['label'], value: object): EncodedFrame {
  return eventFrame(type, label, JSON.stringify(value));
}

function metadata(call: ConverseCall, script: StreamScript, p: string, usage: UsageEvent): object {
  return {
    metrics: { latencyMs: latencyMs(script) },
    p,
    ...call.echo,
    ...traceOf(call, script),
    usage: converseUsage(usage, call.cached),
  };
}

type UsageEvent = Extract<ModelEvent, { kind: 'usage' }>;

function toolDelta(json: string): string {
  return `{"toolUse":{"input":${JSON.stringify(json)}}}`;
}
