// One turn of the model: a script's events as Live messages. Text or sound comes piece by piece,
// then generationComplete and turnComplete; a turn that calls tools ends with toolCall, and the
// model goes on when it has the responses.
//
//   start ─► inputTranscription    text ─► modelTurn, outputTranscription    tools ─► toolCall
//   stop ─► generationComplete     usage ─► turnComplete with usageMetadata

import type { ModelEvent, StopReason } from '../../../injectors/stream.ts';
import { textFrames } from '../../codec/once-encoded.ts';
import type { Answer, Call, Codec, EncodedFrame, RoutedOperation } from '../../provider.ts';
import type { StreamScript } from '../../script/script.ts';
import { fillerText, tokensOf } from '../../script/text.ts';
import { contentFrame, contentTemplate, messageFrame } from './server-message.ts';
import type { LiveSetup } from './setup.ts';
import {
  charactersIn,
  createVoice,
  saidIn,
  tokensInSpeech,
  tokensInVoice,
  voiceMimeType,
} from './voice.ts';

/** What the client said since the turn before. */
export interface Said {
  readonly text: string;
  readonly speechMs: number;
  /** It answers tool calls: the model goes on, and calls nothing more. */
  readonly isToolResponse: boolean;
}

export interface TurnParts {
  readonly setup: LiveSetup;
  readonly said: Said;
  /** Tokens of all turns before, which the model reads again. */
  readonly contextTokens: number;
  /** Told once the turn's calls are known, before they are sent. */
  onCalls(ids: readonly string[]): void;
  onTokens(total: number): void;
}

export function liveTurn(parts: TurnParts): RoutedOperation {
  const { setup, said } = parts;
  const textTokens = tokensOf(said.text.length) + setup.instructionTokens;
  const call: Call = {
    operation: 'LiveTurn',
    model: setup.model,
    modelWords: setup.modelWords,
    // What is said now comes first, so that its directive wins.
    prompt: `${said.text}\n${setup.directive}`,
    inputTokens: parts.contextTokens + textTokens + tokensInSpeech(said.speechMs),
    ...(setup.maxTokens !== undefined && { maxTokens: setup.maxTokens }),
    tools: setup.tools,
  };
  return {
    name: 'LiveTurn',
    read: () => ({ call, answer: (script) => turnAnswer(parts, script) }),
  };
}

interface FunctionCall {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
}

function turnAnswer(parts: TurnParts, script: StreamScript): Answer {
  const { setup, said } = parts;
  const calls = said.isToolResponse ? [] : plannedCalls(script);
  const perText = setup.modality === 'AUDIO' && setup.transcribes.output ? 2 : 1;
  const pieces = script.blocks.reduce((sum, { kind, events }) => {
    if (kind === 'tool') return sum;
    return sum + events * (kind === 'text' ? perText : 1);
  }, 0);
  const heard = setup.transcribes.input && said.speechMs > 0 ? 1 : 0;
  return {
    status: 200,
    headers: {},
    codec: turnCodec(parts, script, calls),
    isStreaming: true,
    totalEvents: heard + pieces + (calls.length > 0 ? 1 : 2),
  };
}

/** A call that the token limit cut has no arguments to speak of, and is not made. */
function plannedCalls(script: StreamScript): FunctionCall[] {
  return script.blocks.flatMap((block) => {
    if (block.kind !== 'tool' || block.bytes < block.call.json.length) return [];
    const { id, name, json } = block.call;
    return [{ id: `function-call-${id}`, name, args: JSON.parse(json) }];
  });
}

function turnCodec(parts: TurnParts, script: StreamScript, calls: readonly FunctionCall[]): Codec {
  const { setup, said } = parts;
  const thought = contentTemplate('delta', (text) => modelTurn({ text, thought: true }));
  const piece = pieceFrames(setup, script);
  let reason: StopReason = 'end';
  let isTold = false;
  const last = (usage?: UsageEvent): EncodedFrame[] => {
    if (isTold) return [];
    isTold = true;
    const usageMetadata = usage && usageOf(usage, setup.modality, script);
    if (usageMetadata) parts.onTokens(usageMetadata.totalTokenCount);
    parts.onCalls(calls.map(({ id }) => id));
    if (calls.length > 0) {
      return [messageFrame('stop', { toolCall: { functionCalls: calls }, usageMetadata })];
    }
    const serverContent = { turnComplete: true, ...turnCompleteReason(reason) };
    return [messageFrame('usage', { serverContent, usageMetadata })];
  };
  return {
    encode(event) {
      switch (event.kind) {
        case 'start':
          return setup.transcribes.input && said.speechMs > 0 ? [heardFrame(said, script)] : [];
        case 'thinking':
          return [thought(event.text)];
        case 'text':
          return piece.one(event.text);
        case 'stop':
          reason = event.reason;
          return calls.length > 0 ? [] : [contentFrame('stop', { generationComplete: true })];
        case 'usage':
          return last(event);
        case 'citation':
        case 'signature':
        case 'tool-call':
        case 'tool-input':
          return [];
        default:
          return event satisfies never;
      }
    },
    ...(piece.run && { run: piece.run }),
    finish: () => last(),
    // The transport says it, in a close frame.
    exception: () => [],
  };
}

function modelTurn(part: object): object {
  return { modelTurn: { role: 'model', parts: [part] } };
}

/** A piece of the answer: its text, or sound of as many bytes with what it says. */
function pieceFrames(setup: LiveSetup, script: StreamScript): PieceFrames {
  if (setup.modality === 'TEXT') {
    const written = textFrames(contentTemplate('delta', (text) => modelTurn({ text })));
    return { one: (text) => [written.one(text)], run: (texts) => [written.run(texts)] };
  }
  const voice = createVoice(script.rng.fork('voice'));
  const spoken = contentTemplate('delta', (data) =>
    modelTurn({ inlineData: { mimeType: voiceMimeType, data } }),
  );
  const transcript = contentTemplate('delta', (text) => ({ outputTranscription: { text } }));
  let offset = 0;
  return {
    one(text) {
      const frames = [spoken(voice(offset, text.length))];
      offset += text.length;
      if (setup.transcribes.output) frames.push(transcript(saidIn(text.length, text)));
      return frames;
    },
  };
}

interface PieceFrames {
  one(text: string): EncodedFrame[];
  readonly run?: Codec['run'];
}

function heardFrame({ speechMs }: Said, script: StreamScript): EncodedFrame {
  const text = fillerText(script.rng.fork('heard'))(0, charactersIn(speechMs));
  return contentFrame('start', { inputTranscription: { text } });
}

type UsageEvent = Extract<ModelEvent, { kind: 'usage' }>;

function usageOf(usage: UsageEvent, modality: LiveSetup['modality'], script: StreamScript) {
  const text = script.blocks.find(({ kind }) => kind === 'text')?.bytes ?? 0;
  const voiceTokens = modality === 'AUDIO' ? tokensInVoice(text) - tokensOf(text) : 0;
  const candidatesTokenCount = usage.outputTokens + voiceTokens;
  return {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount,
    totalTokenCount: usage.inputTokens + candidatesTokenCount,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.inputTokens }],
    candidatesTokensDetails: [{ modality, tokenCount: candidatesTokenCount }],
    trafficType: 'ON_DEMAND',
  };
}

function turnCompleteReason(reason: StopReason): object {
  switch (reason) {
    case 'malformed-tool':
      return { turnCompleteReason: 'MALFORMED_FUNCTION_CALL' };
    case 'content-filter':
    case 'guardrail':
      return { turnCompleteReason: 'RESPONSE_REJECTED' };
    default:
      return {};
  }
}
