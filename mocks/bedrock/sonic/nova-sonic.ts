// Nova Sonic: a spoken conversation of named prompts and contents. This side reads the client's
// events and asks for a turn when the user, or a tool, has finished a content.
// Source: Nova user guide, "Handling input events with the bidirectional API".

import { type Call, ProviderError, type Turn } from '../../provider.ts';
import { tokensOf } from '../../script/text.ts';
import type { OfferedTool } from '../../script/tool.ts';
import { isObject, type JsonObject, objectOf } from '../constraints.ts';
import type { ModelId } from '../model-id.ts';
import { answerTurn, type SpokenAudio } from './sonic-answer.ts';

export interface SonicConversation {
  /** One event of the client; gives the turn it completes, if any. */
  receive(value: JsonObject): readonly Turn[];
}

interface Prompt {
  readonly name: string;
  readonly tools: readonly OfferedTool[];
  readonly audio: SpokenAudio | undefined;
}

interface Content {
  readonly role: string;
  text: string;
  audioBytes: number;
}

/** 16 kHz, 16 bit, mono is 32 bytes a millisecond; the model counts about 25 tokens a second. */
const audioBytesPerToken = 1280;
/** A client that opens ever more contents, or writes ever more into one, is refused. */
const most = { openContents: 64, characters: 4_000_000 } as const;

/** Where a conversation stands. */
interface Talk {
  hasSession: boolean;
  maxTokens: number | undefined;
  prompt: Prompt | undefined;
  readonly contents: Map<string, Content>;
}

export const novaSonic = {
  matches: ({ vendor, name }: ModelId) => vendor === 'amazon' && /^nova-(\d-)?sonic/.test(name),
  open(operation: string, model: ModelId, sessionId: string): SonicConversation {
    const talk: Talk = {
      hasSession: false,
      maxTokens: undefined,
      prompt: undefined,
      contents: new Map(),
    };
    return {
      receive(value) {
        const [name = '', event] = Object.entries(objectOf(value.event))[0] ?? [];
        const handle = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
        if (handle === undefined || !isObject(event)) throw refused(`No such event: ${name}.`);
        if (!talk.hasSession && name !== 'sessionStart') {
          throw refused('A session must begin with sessionStart.');
        }
        const said = handle(talk, event);
        const isHeard = said?.role === 'USER' || said?.role === 'TOOL';
        return said && isHeard ? [turnOf(said, talk, operation, model, sessionId)] : [];
      },
    };
  },
};

/** The client's events; `contentEnd` gives the content that is complete now. */
const handlers: Readonly<Record<string, (talk: Talk, event: JsonObject) => Content | undefined>> = {
  sessionStart(talk, event) {
    if (talk.hasSession) throw refused('The session has already started.');
    talk.hasSession = true;
    const limit = objectOf(event.inferenceConfiguration).maxTokens;
    talk.maxTokens = typeof limit === 'number' ? limit : undefined;
    return undefined;
  },
  promptStart(talk, event) {
    if (talk.prompt !== undefined) throw refused('The prompt has already started.');
    talk.prompt = {
      name: requireText(event, 'promptName'),
      tools: readTools(objectOf(event.toolConfiguration).tools),
      audio: readAudio(event.audioOutputConfiguration),
    };
    return undefined;
  },
  contentStart({ prompt, contents }, event) {
    if (prompt === undefined) throw refused('A content needs a prompt that has started.');
    const name = requireText(event, 'contentName');
    if (contents.has(name)) throw refused(`The content ${name} has already started.`);
    if (contents.size >= most.openContents) throw refused('Too many contents are open.');
    contents.set(name, { role: requireText(event, 'role'), text: '', audioBytes: 0 });
    return undefined;
  },
  textInput: addText,
  toolResult: addText,
  audioInput(talk, event) {
    // The sound itself is not kept; only its length counts.
    const bytes = Buffer.byteLength(requireText(event, 'content'), 'base64');
    contentOf(talk, event).audioBytes += bytes;
    return undefined;
  },
  contentEnd(talk, event) {
    const content = contentOf(talk, event);
    talk.contents.delete(String(event.contentName));
    return content;
  },
  promptEnd(talk) {
    if (talk.prompt === undefined) throw refused('There is no open prompt.');
    talk.prompt = undefined;
    talk.contents.clear();
    return undefined;
  },
  sessionEnd: () => undefined,
};

function addText(talk: Talk, event: JsonObject): undefined {
  const content = contentOf(talk, event);
  content.text += requireText(event, 'content');
  if (content.text.length > most.characters) throw refused('The content is too long.');
}

function contentOf({ contents }: Talk, { contentName }: JsonObject): Content {
  const content = contents.get(String(contentName));
  if (content !== undefined) return content;
  throw refused(`There is no open content named ${String(contentName)}.`);
}

function turnOf(
  { text, audioBytes }: Content,
  { prompt, maxTokens }: Talk,
  operation: string,
  model: ModelId,
  sessionId: string,
): Turn {
  if (prompt === undefined) throw refused('There is no open prompt.');
  const { name, tools, audio } = prompt;
  const call: Call = {
    operation,
    model: model.raw,
    prompt: text,
    inputTokens: tokensOf(text.length) + Math.ceil(audioBytes / audioBytesPerToken),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(tools.length > 0 && { tools }),
  };
  const facts = { sessionId, promptName: name, audio, heardBytes: audioBytes };
  return { call, answer: (script) => answerTurn(facts, script) };
}

function requireText(event: JsonObject, field: string): string {
  const value = event[field];
  if (typeof value === 'string') return value;
  throw refused(`The field ${field} is required.`);
}

function readTools(tools: unknown): OfferedTool[] {
  return (Array.isArray(tools) ? tools : []).flatMap((tool) => {
    const { name, inputSchema } = objectOf(objectOf(tool).toolSpec);
    if (typeof name !== 'string') return [];
    // Sonic takes the schema as a string of JSON.
    const { json } = objectOf(inputSchema);
    return [{ name, schema: typeof json === 'string' ? parsed(json) : json }];
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw refused('The inputSchema of a tool is not JSON.');
  }
}

function readAudio(configuration: unknown): SpokenAudio | undefined {
  if (!isObject(configuration)) return undefined;
  const { sampleRateHertz } = configuration;
  const rate = typeof sampleRateHertz === 'number' ? sampleRateHertz : 24_000;
  return { sampleRateHertz: rate, configuration };
}

function refused(message: string): ProviderError {
  return new ProviderError('validation', message);
}
