// What Nova Sonic answers in one turn: completionStart, its text beside its voice, tool calls,
// usageEvent, completionEnd. Source: Nova user guide, "Handling output events".

import type { StopReason } from '../../../injectors/stream.ts';
import type { Answer, Codec, EncodedFrame } from '../../provider.ts';
import type { StreamScript } from '../../script/script.ts';
import { createChunks } from '../chunk.ts';
import type { JsonObject } from '../constraints.ts';
import { randomUuid, toolUseId } from '../identifiers.ts';

export interface SpokenAudio {
  readonly sampleRateHertz: number;
  /** As the client asked for it; repeated in the answer. */
  readonly configuration: JsonObject;
}

export interface TurnFacts {
  readonly sessionId: string;
  readonly promptName: string;
  /** Absent where the client wants no sound. */
  readonly audio: SpokenAudio | undefined;
  readonly heardBytes: number;
}

export function answerTurn(facts: TurnFacts, script: StreamScript): Answer {
  const perText = facts.audio ? 2 : 1;
  const totalEvents = script.blocks.reduce((sum, { kind, events }) => {
    if (kind === 'thinking') return sum;
    return sum + (kind === 'tool' ? 3 : (events + 2) * perText);
  }, 3);
  return {
    status: 200,
    headers: {},
    isStreaming: true,
    totalEvents,
    codec: createSonicCodec(facts, script),
  };
}

const stopReasons = {
  end: 'END_TURN',
  'max-tokens': 'END_TURN',
  'stop-sequence': 'END_TURN',
  'tool-use': 'END_TURN',
  'content-filter': 'INTERRUPTED',
  guardrail: 'INTERRUPTED',
  'context-window': 'END_TURN',
  'malformed-tool': 'END_TURN',
  'malformed-output': 'END_TURN',
} as const satisfies Record<StopReason, string>;

function createSonicCodec(facts: TurnFacts, script: StreamScript): Codec {
  const { chunk, exception } = createChunks(script);
  const rng = script.rng.fork('ids');
  const { sessionId, promptName, audio } = facts;
  const completion = { completionId: randomUuid(rng), promptName, sessionId };
  const sound = audio && silence(audio);
  let open: { readonly text: string; readonly audio: string } | undefined;
  let call: { readonly id: string; readonly name: string; json: string } | undefined;
  const event = (label: EncodedFrame['label'], name: string, value: object) =>
    chunk(label, JSON.stringify({ event: { [name]: { ...completion, ...value } } }));

  const openText = (): EncodedFrame[] => {
    if (open !== undefined) return [];
    open = { text: randomUuid(rng), audio: randomUuid(rng) };
    const text = event('start', 'contentStart', {
      additionalModelFields: '{"generationStage":"FINAL"}',
      contentId: open.text,
      role: 'ASSISTANT',
      textOutputConfiguration: { mediaType: 'text/plain' },
      type: 'TEXT',
    });
    if (audio === undefined) return [text];
    const voice = event('start', 'contentStart', {
      audioOutputConfiguration: audio.configuration,
      contentId: open.audio,
      role: 'ASSISTANT',
      type: 'AUDIO',
    });
    return [text, voice];
  };
  const close = (stopReason: string): EncodedFrame[] => {
    const frames: EncodedFrame[] = [];
    if (open !== undefined) {
      const { text, audio: voice } = open;
      frames.push(event('stop', 'contentEnd', { contentId: text, stopReason, type: 'TEXT' }));
      if (audio) {
        frames.push(event('stop', 'contentEnd', { contentId: voice, stopReason, type: 'AUDIO' }));
      }
    }
    if (call !== undefined) frames.push(...toolFrames(call));
    open = undefined;
    call = undefined;
    return frames;
  };
  const toolFrames = ({ id, name, json }: NonNullable<typeof call>): EncodedFrame[] => {
    const contentId = randomUuid(rng);
    const use = {
      content: json,
      contentId,
      role: 'TOOL',
      toolName: name,
      toolUseId: toolUseId(id),
    };
    return [
      event('start', 'contentStart', {
        contentId,
        role: 'TOOL',
        toolUseOutputConfiguration: { mediaType: 'application/json' },
        type: 'TOOL',
      }),
      event('delta', 'toolUse', use),
      event('stop', 'contentEnd', { contentId, stopReason: 'TOOL_USE', type: 'TOOL' }),
    ];
  };
  let reason: StopReason | undefined;
  const conclude = (): EncodedFrame[] => {
    if (reason === undefined) return [];
    const stopReason = stopReasons[reason];
    reason = undefined;
    return [event('stop', 'completionEnd', { stopReason })];
  };
  return {
    encode(modelEvent) {
      switch (modelEvent.kind) {
        case 'start':
          return [event('start', 'completionStart', {})];
        case 'text': {
          const opened = openText();
          const part = { contentId: open?.text, role: 'ASSISTANT' };
          const text = event('delta', 'textOutput', { ...part, content: modelEvent.text });
          const voice = sound
            ? [event('delta', 'audioOutput', { content: sound, contentId: open?.audio })]
            : [];
          return [...opened, text, ...voice];
        }
        case 'tool-call': {
          const closed = close('PARTIAL_TURN');
          call = { id: modelEvent.id, name: modelEvent.name, json: '' };
          return closed;
        }
        case 'tool-input':
          if (call) call.json += modelEvent.json;
          return [];
        case 'stop':
          reason = modelEvent.reason;
          return close(stopReasons[modelEvent.reason]);
        case 'usage':
          return [event('usage', 'usageEvent', usage(facts, modelEvent)), ...conclude()];
        default:
          return [];
      }
    },
    finish: conclude,
    exception,
  };
}

/** 40 ms of silence, 16 bit mono. */
function silence({ sampleRateHertz }: SpokenAudio): string {
  const rate = Math.min(48_000, Math.max(8000, sampleRateHertz));
  return Buffer.alloc(Math.round(rate / 25) * 2).toString('base64');
}

function usage(
  { audio, heardBytes }: TurnFacts,
  { inputTokens, outputTokens }: { readonly inputTokens: number; readonly outputTokens: number },
): object {
  const heard = heardBytes > 0;
  const input = { speechTokens: heard ? inputTokens : 0, textTokens: heard ? 0 : inputTokens };
  const output = audio
    ? { speechTokens: outputTokens, textTokens: 0 }
    : { speechTokens: 0, textTokens: outputTokens };
  return {
    details: { delta: { input, output }, total: { input, output } },
    totalInputTokens: inputTokens,
    totalOutputTokens: outputTokens,
    totalTokens: inputTokens + outputTokens,
  };
}
