// A profile: what leakbed has to know of a gateway to start it, ask it and measure it, in one YAML
// file. Reading tells every problem at once, each with the path of what is wrong.

import { type Static, Type } from 'typebox';
import { Settings } from 'typebox/system';
import { Check, Errors } from 'typebox/value';
import { parseDocument } from 'yaml';
import { insteadOf } from '../../injectors/nearest.ts';

const closed = { additionalProperties: false };
const text = Type.String({ minLength: 1 });
const words = Type.Record(Type.String(), Type.String());
const optional = Type.Optional;

const absolutePath = '^/';
const profileName = '^[a-z0-9][a-z0-9-]*$';
const ledgerUrl = '^(postgres(ql)?:|sqlite:)';

const path = Type.String({ pattern: absolutePath });

/** What one kind of question is on the wire; `{model}`, `{prompt}`, `{stream}` are filled in. */
const question = Type.Object(
  {
    path,
    model: text,
    headers: optional(words),
    /** Left out: OpenAI's body. */
    body: optional(Type.Record(Type.String(), Type.Unknown())),
  },
  closed,
);
const provider = Type.Object(
  {
    headers: optional(words),
    chat: optional(question),
    stream: optional(question),
    embeddings: optional(question),
  },
  closed,
);

/** `query` gives id, input_tokens and output_tokens, the latter two where there are any; `{run}`
 * begins every id of a run. Left out: that of the reference gateways' ledger. */
const ledgerPlace = Type.Object(
  { url: Type.String({ pattern: ledgerUrl }), query: optional(text) },
  closed,
);

const schema = Type.Object(
  {
    name: Type.String({ pattern: profileName }),
    about: optional(text),
    /** Left out where it runs already. */
    start: optional(
      Type.Object(
        {
          command: Type.Array(text, { minItems: 1 }),
          /** Where it runs; leakbed's own working folder where left out. */
          folder: optional(text),
          environment: optional(words),
          /** Written into `{folder}` before the start. */
          files: optional(words),
          /** How to get the command, for when it is not there. */
          install: optional(text),
        },
        closed,
      ),
    ),
    url: text,
    ready: optional(
      Type.Object(
        {
          path,
          seconds: optional(Type.Number({ minimum: 1, maximum: 600 })),
        },
        closed,
      ),
    ),
    requests: Type.Object(
      {
        bedrock: optional(provider),
        vertex: optional(provider),
        models: optional(Type.Object({ path, headers: optional(words) }, closed)),
      },
      closed,
    ),
    metrics: optional(
      Type.Object(
        {
          path: optional(path),
          queueDepth: optional(text),
          queueLimit: optional(text),
          written: optional(text),
        },
        closed,
      ),
    ),
    billing: optional(
      Type.Object(
        {
          /** What is wrapped in its process, of Node or of Python. */
          hook: optional(text),
          sink: optional(Type.Object({ variable: text, url: text }, closed)),
          container: optional(text),
          /** What it wrote down, for `leakbed run` to compare with what was answered. */
          ledger: optional(ledgerPlace),
        },
        closed,
      ),
    ),
  },
  closed,
);

export type Profile = Static<typeof schema>;
export type LedgerPlace = Static<typeof ledgerPlace>;
export type Question = Static<typeof question>;
export type QuestionKind = 'chat' | 'stream' | 'embeddings';

/** `where` is the file, for messages. Throws with one line for each problem. */
export function readProfile(source: string, where: string): Profile {
  const document = parseDocument(source, { prettyErrors: true });
  const problems = document.errors.map(({ message }) => message.split('\n')[0] ?? message);
  const value: unknown = problems.length === 0 ? document.toJS() : undefined;
  if (problems.length === 0) problems.push(...shapeProblems(value));
  if (Check(schema, value)) {
    const meaning = meaningProblems(value);
    if (meaning.length === 0) return value;
    problems.push(...meaning);
  }
  throw new Error([`Cannot use profile ${where}:`, ...problems].join('\n  '));
}

/** typebox stops at the eighth problem unless told otherwise. */
const mostProblems = 100;

function shapeProblems(value: unknown): string[] {
  Settings.Set({ maxErrors: mostProblems });
  return Errors(schema, value).flatMap(({ keyword, instancePath, params, message }) => {
    const path = instancePath.slice(1).replaceAll('/', '.');
    const at = (name: string) => (path === '' ? name : `${path}.${name}`);
    if (keyword === 'required') {
      const { requiredProperties } = params as { requiredProperties: readonly string[] };
      return requiredProperties.map((name) => `${at(name)}: is missing.`);
    }
    if (keyword === 'additionalProperties') {
      const { additionalProperties } = params as { additionalProperties: readonly string[] };
      return additionalProperties.map((name) => unknownField(at(name), name, path));
    }
    // Told with the field itself, above.
    if (keyword === 'boolean') return [];
    const { pattern } = params as { pattern?: string };
    const told = pattern === undefined ? message : (patterns[pattern] ?? message);
    return [`${path || 'the profile'}: ${told}.`];
  });
}

/** What a pattern asks for, in words. */
const patterns: Readonly<Record<string, string>> = {
  [absolutePath]: 'must be a path that begins with "/"',
  [profileName]: 'must be of lower-case letters, digits and dashes, such as my-gateway',
  [ledgerUrl]: 'must be postgres://… or sqlite:FILE',
};

function unknownField(where: string, name: string, parent: string): string {
  let fields: unknown = schema.properties;
  for (const part of parent.split('.').filter(Boolean)) {
    const inner = (fields as Readonly<Record<string, { readonly properties?: unknown }>>)[part];
    fields = inner?.properties;
  }
  const known = Object.keys(fields ?? {});
  return `${where}: there is no such field. ${insteadOf(name, known)}`;
}

/** What the shape cannot say. */
function meaningProblems(profile: Profile): string[] {
  const problems: string[] = [];
  const { bedrock = {}, vertex = {} } = profile.requests;
  const asked = [bedrock.chat, bedrock.stream, vertex.chat, vertex.stream];
  if (asked.every((found) => found === undefined)) {
    problems.push('requests: no chat and no stream of any provider, so nothing can be asked.');
  }
  if (!URL.canParse(profile.url.replace('{port}', '1'))) {
    problems.push(`url: "${profile.url}" is no URL such as http://127.0.0.1:{port}.`);
  }
  if (profile.start === undefined && profile.url.includes('{port}')) {
    problems.push('url: {port} is a port that leakbed picks for what it starts; start is missing.');
  }
  const { hook } = profile.billing ?? {};
  if (hook !== undefined && runtimeOfHook(hook) === null) {
    problems.push(
      `billing.hook: "${hook}" names no consumer. Of Node: path#export, path#Class.prototype.method, ` +
        'event:NAME or bullmq:QUEUE; of Python: module:function or module:Class.method.',
    );
  }
  return [...problems, ...placeholderProblems(profile)];
}

/** Which runtime a hook's words are of; null for words of neither. */
export function runtimeOfHook(words: string): 'node' | 'python' | null {
  if (/^(event|bullmq):.|^[^#]+#[\w$.]+$/.test(words)) return 'node';
  return /^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$/.test(words) ? 'python' : null;
}

const placeholders = ['port', 'folder', 'installed', 'mocks', 'mocksHost', 'mocksPort', 'apiKey'];

/** Only where no braces of another language are to be expected. */
function placeholderProblems({ start, url }: Profile): string[] {
  const texts: [where: string, text: string][] = [
    ['url', url],
    ...(start?.command ?? []).map((word, at): [string, string] => [`start.command.${at}`, word]),
    ...Object.entries(start?.environment ?? {}).map(([name, value]): [string, string] => [
      `start.environment.${name}`,
      value,
    ]),
  ];
  return texts.flatMap(([where, value]) =>
    [...value.matchAll(/\{(\w+)\}/g)].flatMap(([whole, name = '']) =>
      placeholders.includes(name)
        ? []
        : [`${where}: ${whole} stands for nothing. ${insteadOf(name, placeholders)}`],
    ),
  );
}
