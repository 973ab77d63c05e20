// The request of Converse and ConverseStream as data: members, limits and enums of the API's
// model. Source: API reference, "Converse" (2023-09-30), and the AWS SDK's model of it.

import type { Members, Shape } from './shape.ts';

const text = { type: 'string' } as const;
const document = { type: 'document' } as const;
const identifier = { type: 'string', min: 1, max: 64, pattern: '[a-zA-Z0-9_-]+' } as const;
const toolUseId = { ...identifier, pattern: '[a-zA-Z0-9_.:-]+' } as const;
const index = { type: 'integer', min: 0 } as const;
const structure = (members: Members) => ({ type: 'structure', members }) as const;
const union = (name: string, members: Members) =>
  ({ type: 'structure', union: name, members }) as const;
const list = (of: Shape) => ({ type: 'list', of }) as const;
const oneOf = (...values: string[]) => ({ type: 'string', values }) as const;
const required = <S extends Shape>(shape: S) => ({ ...shape, required: true as const });

const bytes = { type: 'blob', min: 1 } as const;
export const s3Uri = {
  type: 'string',
  min: 1,
  max: 1024,
  pattern: 's3://[a-z0-9][\\.\\-a-z0-9]{1,61}[a-z0-9](/.*)?',
} as const;
export const awsAccount = { type: 'string', pattern: '[0-9]{12}' } as const;
const s3Location = structure({ uri: required(s3Uri), bucketOwner: awsAccount });
const media = (name: string, more: Members, ...formats: string[]) =>
  structure({
    format: required(oneOf(...formats)),
    source: required(union(`${name}Source`, { bytes, s3Location })),
    ...more,
  });

const error = structure({ message: text });
const image = media('Image', { error }, 'png', 'jpeg', 'gif', 'webp');
const video = media(
  'Video',
  {},
  ...['mkv', 'mov', 'mp4', 'webm', 'flv', 'mpeg', 'mpg', 'wmv', 'three_gp'],
);
const audio = media(
  'Audio',
  { error },
  ...['mp3', 'opus', 'wav', 'aac', 'flac', 'mp4', 'ogg', 'mkv', 'mka', 'x-aac', 'm4a', 'mpeg'],
  ...['mpga', 'pcm', 'webm'],
);
const documentBlock = structure({
  format: oneOf('pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'),
  name: required({ ...text, min: 1, max: 200 }),
  source: required(
    union('DocumentSource', {
      bytes,
      s3Location,
      text,
      content: list(union('DocumentContentBlock', { text })),
    }),
  ),
  context: text,
  citations: structure({ enabled: required({ type: 'boolean' }) }),
});
const searchResult = structure({
  source: required(text),
  title: required(text),
  content: required(list(structure({ text: required(text) }))),
  citations: structure({ enabled: required({ type: 'boolean' }) }),
});
const cachePoint = structure({
  type: required(oneOf('default')),
  ttl: oneOf('5m', '1h'),
});
const guardContent = union('GuardrailConverseContentBlock', {
  text: structure({
    text: required(text),
    qualifiers: list(oneOf('grounding_source', 'query', 'guard_content')),
  }),
  image: structure({
    format: required(oneOf('png', 'jpeg')),
    source: required(union('GuardrailConverseImageSource', { bytes })),
  }),
});
const toolReference = structure({
  tool: required(
    structure({
      type: { ...text, min: 1, max: 64 },
      name: { ...text, min: 1, max: 128 },
      serverName: { ...text, min: 1, max: 128 },
    }),
  ),
});
const range = { start: index, end: index };
const inDocument = structure({ documentIndex: index, ...range });
const citation = structure({
  title: text,
  source: text,
  sourceContent: list(union('CitationSourceContent', { text })),
  location: union('CitationLocation', {
    web: structure({ url: text, domain: text }),
    documentChar: inDocument,
    documentPage: inDocument,
    documentChunk: inDocument,
    searchResultLocation: structure({ searchResultIndex: index, ...range }),
  }),
});

const contentBlock = union('ContentBlock', {
  text,
  image,
  document: documentBlock,
  video,
  audio,
  toolUse: structure({
    toolUseId: required(toolUseId),
    name: required(identifier),
    input: required(document),
    type: oneOf('server_tool_use'),
  }),
  toolResult: structure({
    toolUseId: required(toolUseId),
    content: required(
      list(
        union('ToolResultContentBlock', {
          json: document,
          text,
          image,
          document: documentBlock,
          video,
          searchResult,
        }),
      ),
    ),
    status: oneOf('success', 'error'),
    type: text,
  }),
  guardContent,
  cachePoint,
  reasoningContent: union('ReasoningContentBlock', {
    reasoningText: structure({ text: required(text), signature: text }),
    redactedContent: { type: 'blob' },
  }),
  citationsContent: structure({
    content: list(union('CitationGeneratedContent', { text })),
    citations: list(citation),
  }),
  searchResult,
  toolAddition: toolReference,
  toolRemoval: toolReference,
});

const toolConfig = structure({
  tools: required({
    ...list(
      union('Tool', {
        toolSpec: structure({
          name: required(identifier),
          description: { ...text, min: 1 },
          inputSchema: required(union('ToolInputSchema', { json: document })),
          strict: { type: 'boolean' },
        }),
        systemTool: structure({ name: required(identifier) }),
        cachePoint,
      }),
    ),
    min: 1,
  }),
  toolChoice: union('ToolChoice', {
    auto: structure({}),
    any: structure({}),
    tool: structure({ name: required(identifier) }),
  }),
});

/** What CountTokens reads too. */
export const conversationMembers: Members = {
  messages: list(
    structure({
      role: required(oneOf('user', 'assistant', 'system')),
      content: required(list(contentBlock)),
    }),
  ),
  system: list(
    union('SystemContentBlock', { text: { ...text, min: 1 }, guardContent, cachePoint }),
  ),
  toolConfig,
  additionalModelRequestFields: document,
};

export const guardrailIdentifier: Shape = {
  type: 'string',
  max: 2048,
  pattern:
    '(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))',
};
export const guardrailVersion: Shape = { type: 'string', pattern: '(|([1-9][0-9]{0,7})|(DRAFT))' };

/** Letters, digits, white space and a few signs; keys may not be empty. */
const metadataPattern = (least: number) => `[a-zA-Z0-9\\s:_@$#=/+,-.]{${least},256}`;
export const requestMetadata: Shape = {
  type: 'map',
  keys: { ...text, min: 1, max: 256, pattern: metadataPattern(1) },
  of: { ...text, max: 256, pattern: metadataPattern(0) },
  min: 1,
  max: 16,
};

export const converseMembers: Members = {
  ...conversationMembers,
  inferenceConfig: structure({
    maxTokens: { type: 'integer', min: 1 },
    temperature: { type: 'float', min: 0, max: 1 },
    topP: { type: 'float', min: 0, max: 1 },
    stopSequences: { ...list({ ...text, min: 1 }), max: 2500 },
  }),
  guardrailConfig: structure({
    guardrailIdentifier,
    guardrailVersion,
    trace: oneOf('enabled', 'disabled', 'enabled_full'),
    streamProcessingMode: oneOf('sync', 'async'),
  }),
  promptVariables: { type: 'map', of: union('PromptVariableValues', { text }) },
  additionalModelResponseFieldPaths: { ...list({ ...text, min: 1, max: 256 }), max: 10 },
  requestMetadata,
  performanceConfig: structure({ latency: oneOf('standard', 'optimized') }),
  serviceTier: structure({ type: required(oneOf('priority', 'default', 'flex', 'reserved')) }),
  outputConfig: structure({
    textFormat: structure({
      type: required(oneOf('json_schema')),
      structure: required(
        union('OutputFormatStructure', {
          jsonSchema: structure({ schema: required(text), name: text, description: text }),
        }),
      ),
    }),
    effort: { ...text, max: 16 },
  }),
};
