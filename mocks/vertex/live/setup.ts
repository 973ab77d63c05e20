// The first message of a Live session: which model, how it answers, what it may call. Reads it as
// the service does and refuses what that refuses.
// Source: BidiGenerateContentSetup of the Live API reference.

import { findDirective } from '../../script/directive.ts';
import { splitModel } from '../../script/model-suffix.ts';
import { tokensOf } from '../../script/text.ts';
import type { OfferedTool } from '../../script/tool.ts';
import { geminiModel } from '../gemini-request.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../json.ts';
import { invalid, textsOf } from './client-message.ts';

export interface LiveSetup {
  readonly model: string;
  /** What stood behind the model's name. */
  readonly modelWords?: string | undefined;
  readonly modality: 'TEXT' | 'AUDIO';
  /** The directive of the system instruction, empty without one; the rest is only counted. */
  readonly directive: string;
  readonly instructionTokens: number;
  readonly maxTokens: number | undefined;
  readonly tools: readonly OfferedTool[];
  readonly transcribes: { readonly input: boolean; readonly output: boolean };
  /** Undefined: the client wants no handles. */
  readonly resumption: { readonly handle: string; readonly isTransparent: boolean } | undefined;
  readonly activity: {
    /** The client itself says when speech begins and ends. */
    readonly isManual: boolean;
    readonly interrupts: boolean;
    readonly silenceMs: number;
  };
}

/** How long nobody speaks until the service takes the speech for ended. */
const defaultSilenceMs = 500;

export function readSetup(setup: Fields): LiveSetup {
  const config = fieldsOf(setup('generationConfig'));
  const { model, words: modelWords } = splitModel(textOf(setup('model')));
  const instruction = textsOf(setup('systemInstruction')).join('\n');
  const maxTokens = config?.('maxOutputTokens');
  return {
    model: geminiModel(model),
    modelWords,
    modality: modalityOf(config?.('responseModalities')),
    directive: directiveIn(instruction),
    instructionTokens: tokensOf(instruction.length),
    maxTokens: Number.isInteger(maxTokens) ? Math.max(1, Number(maxTokens)) : undefined,
    tools: toolsOf(setup('tools')),
    transcribes: {
      input: fieldsOf(setup('inputAudioTranscription')) !== undefined,
      output: fieldsOf(setup('outputAudioTranscription')) !== undefined,
    },
    resumption: resumptionOf(fieldsOf(setup('sessionResumption'))),
    activity: activityOf(fieldsOf(setup('realtimeInputConfig'))),
  };
}

/** A session answers in text or in sound, never in both. */
function modalityOf(value: unknown): LiveSetup['modality'] {
  const [first, ...others] = listOf(value);
  const name = first === undefined ? 'TEXT' : textOf(first).toUpperCase();
  if (others.length > 0 || (name !== 'TEXT' && name !== 'AUDIO')) throw invalid();
  return name;
}

/** Kept for the whole session, so the instruction around it, which may be large, is not. */
function directiveIn(instruction: string): string {
  if (findDirective(instruction) === undefined) return '';
  const start = instruction.indexOf('[[leakbed');
  const end = instruction.indexOf(']]', start);
  return Buffer.from(instruction.slice(start, end === -1 ? undefined : end + 2)).toString();
}

function toolsOf(value: unknown): OfferedTool[] {
  const declared = listOf(value).flatMap((tool) =>
    listOf(fieldsOf(tool)?.('functionDeclarations')).map(fieldsOf),
  );
  return declared.flatMap((fields) => {
    const name = fields?.('name');
    if (typeof name !== 'string') return [];
    const schema = fields?.('parameters') ?? fields?.('parametersJsonSchema');
    return [schema === undefined ? { name } : { name, schema }];
  });
}

function resumptionOf(fields: Fields | undefined): LiveSetup['resumption'] {
  if (fields === undefined) return undefined;
  const handle = fields('handle');
  return {
    handle: typeof handle === 'string' ? handle : '',
    isTransparent: fields('transparent') === true,
  };
}

function activityOf(fields: Fields | undefined): LiveSetup['activity'] {
  const detection = fieldsOf(fields?.('automaticActivityDetection'));
  const silenceMs = detection?.('silenceDurationMs');
  return {
    isManual: detection?.('disabled') === true,
    interrupts: fields?.('activityHandling') !== 'NO_INTERRUPTION',
    silenceMs: typeof silenceMs === 'number' && silenceMs > 0 ? silenceMs : defaultSilenceMs,
  };
}
