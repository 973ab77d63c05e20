// Nova Sonic: a spoken conversation of named prompts and contents. This side reads the client's
// events and asks for a turn when the user, or a tool, has finished a content.
// Source: Nova user guide, "Handling input events with the bidirectional API".

import { type Call, ProviderError } from '../../provider.ts';
import { tokensOf } from '../../script/text.ts';
import type { OfferedTool } from '../../script/tool.ts';
import type { Turn } from '../../session.ts';
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
  readonly type: string;
  text: string;
  audioBytes: number;
}

/** 16 kHz, 16 bit, mono is 32 bytes a millisecond; the model counts about 25 tokens a second. */
const audioBytesPerToken = 1280;
/** A client that opens ever more contents without closing any is refused. */
const maxOpenContents = 64;

export const novaSonic = {
  matches: ({ vendor, name }: ModelId) => vendor === 'amazon' && /^nova-(\d-)?sonic/.test(name),
  open(operation: string, model: ModelId, sessionId: string): SonicConversation {
    let maxTokens: number | undefined;
    let hasSession = false;
    let prompt: Prompt | undefined;
    const contents = new Map<string, Content>();

    const contentOf = (event: JsonObject): Content => {
      const content = contents.get(String(event.contentName));
      if (content !== undefined) return content;
      throw refused(`There is no open content named ${String(event.contentName)}.`);
    };
    const turn = ({ text, audioBytes }: Content): Turn[] => {
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
      return [{ call, answer: (script) => answerTurn(facts, script) }];
    };
    const handlers: Readonly<Record<string, (event: JsonObject) => Turn[]>> = {
      sessionStart(event) {
        if (hasSession) throw refused('The session has already started.');
        hasSession = true;
        const limit = objectOf(event.inferenceConfiguration).maxTokens;
        maxTokens = typeof limit === 'number' ? limit : undefined;
        return [];
      },
      promptStart(event) {
        if (prompt !== undefined) throw refused('The prompt has already started.');
        prompt = {
          name: requireText(event, 'promptName'),
          tools: readTools(objectOf(event.toolConfiguration).tools),
          audio: readAudio(event.audioOutputConfiguration),
        };
        return [];
      },
      contentStart(event) {
        if (prompt === undefined) throw refused('A content needs a prompt that has started.');
        const name = requireText(event, 'contentName');
        if (contents.has(name)) throw refused(`The content ${name} has already started.`);
        if (contents.size >= maxOpenContents) throw refused('Too many contents are open.');
        const role = requireText(event, 'role');
        contents.set(name, { role, type: requireText(event, 'type'), text: '', audioBytes: 0 });
        return [];
      },
      textInput(event) {
        contentOf(event).text += requireText(event, 'content');
        return [];
      },
      audioInput(event) {
        // The sound itself is not kept; only its length counts.
        contentOf(event).audioBytes += Buffer.byteLength(requireText(event, 'content'), 'base64');
        return [];
      },
      toolResult(event) {
        contentOf(event).text += requireText(event, 'content');
        return [];
      },
      contentEnd(event) {
        const content = contentOf(event);
        contents.delete(String(event.contentName));
        return content.role === 'USER' || content.role === 'TOOL' ? turn(content) : [];
      },
      promptEnd() {
        if (prompt === undefined) throw refused('There is no open prompt.');
        prompt = undefined;
        contents.clear();
        return [];
      },
      sessionEnd: () => [],
    };
    return {
      receive(value) {
        const [name = '', event] = Object.entries(objectOf(value.event))[0] ?? [];
        const handle = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
        if (handle === undefined || !isObject(event)) throw refused(`No such event: ${name}.`);
        if (!hasSession && name !== 'sessionStart') {
          throw refused('A session must begin with sessionStart.');
        }
        return handle(event);
      },
    };
  },
};

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
