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
  const completion = {
    completionId: randomUuid(rng),
    promptName: facts.promptName,
    sessionId: facts.sessionId,
  };
  const event: EventMaker = (label, name, value) =>
    chunk(label, JSON.stringify({ event: { [name]: { ...completion, ...value } } }));
  const speech = createSpeech(facts.audio, event, () => randomUuid(rng));
  let call: ToolCall | undefined;
  let reason: StopReason | undefined;
  const closeCall = (): EncodedFrame[] => {
    const frames = call ? toolFrames(call, event, randomUuid(rng)) : [];
    call = undefined;
    return frames;
  };
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
        case 'text':
          return speech.say(modelEvent.text);
        case 'tool-call': {
          const before = [...speech.close('PARTIAL_TURN'), ...closeCall()];
          call = { id: modelEvent.id, name: modelEvent.name, json: '' };
          return before;
        }
        case 'tool-input':
          if (call) call.json += modelEvent.json;
          return [];
        case 'stop':
          reason = modelEvent.reason;
          return [...speech.close(stopReasons[modelEvent.reason]), ...closeCall()];
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

type EventMaker = (label: EncodedFrame['label'], name: string, value: object) => EncodedFrame;

/** Text and voice are two contents that are open side by side. */
function createSpeech(audio: SpokenAudio | undefined, event: EventMaker, newId: () => string) {
  const sound = audio && silence(audio);
  let open: { readonly text: string; readonly audio: string } | undefined;
  const begin = (text: string, voice: string): EncodedFrame[] => {
    const role = 'ASSISTANT';
    const written = {
      additionalModelFields: '{"generationStage":"FINAL"}',
      contentId: text,
      role,
      textOutputConfiguration: { mediaType: 'text/plain' },
      type: 'TEXT',
    };
    const audioOutputConfiguration = audio?.configuration;
    const spoken = { audioOutputConfiguration, contentId: voice, role, type: 'AUDIO' };
    return [written, ...(audio ? [spoken] : [])].map((value) =>
      event('start', 'contentStart', value),
    );
  };
  return {
    say(content: string): EncodedFrame[] {
      const opened = open === undefined;
      open ??= { text: newId(), audio: newId() };
      const { text, audio: voice } = open;
      return [
        ...(opened ? begin(text, voice) : []),
        event('delta', 'textOutput', { contentId: text, role: 'ASSISTANT', content }),
        ...(sound ? [event('delta', 'audioOutput', { content: sound, contentId: voice })] : []),
      ];
    },
    close(stopReason: string): EncodedFrame[] {
      if (open === undefined) return [];
      const text = { contentId: open.text, stopReason, type: 'TEXT' };
      const voice = { contentId: open.audio, stopReason, type: 'AUDIO' };
      open = undefined;
      return [text, ...(audio ? [voice] : [])].map((value) => event('stop', 'contentEnd', value));
    },
  };
}

interface ToolCall {
  readonly id: string;
  readonly name: string;
  json: string;
}

function toolFrames(
  { id, name, json }: ToolCall,
  event: EventMaker,
  contentId: string,
): EncodedFrame[] {
  const role = 'TOOL';
  const toolUseOutputConfiguration = { mediaType: 'application/json' };
  return [
    event('start', 'contentStart', { contentId, role, toolUseOutputConfiguration, type: 'TOOL' }),
    event('delta', 'toolUse', {
      content: json,
      contentId,
      role,
      toolName: name,
      toolUseId: toolUseId(id),
    }),
    event('stop', 'contentEnd', { contentId, stopReason: 'TOOL_USE', type: 'TOOL' }),
  ];
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
