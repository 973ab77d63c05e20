// The models the control plane lists: a selection of each family, as data. What is not listed can
// be invoked all the same.

export interface ListedModel {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly isStreaming: boolean;
  readonly inference: readonly string[];
  readonly isLegacy: boolean;
}

type Row = readonly [id: string, name: string, kind: keyof typeof kinds, ...flags: Flag[]];
/** `profile`: only through an inference profile; `both`: also on demand. */
type Flag = 'profile' | 'both' | 'legacy';

const kinds = {
  text: { inputs: ['TEXT'], outputs: ['TEXT'], isStreaming: true },
  vision: { inputs: ['TEXT', 'IMAGE'], outputs: ['TEXT'], isStreaming: true },
  video: { inputs: ['TEXT', 'IMAGE', 'VIDEO'], outputs: ['TEXT'], isStreaming: true },
  speech: { inputs: ['SPEECH'], outputs: ['SPEECH', 'TEXT'], isStreaming: true },
  reel: { inputs: ['TEXT', 'IMAGE'], outputs: ['VIDEO'], isStreaming: false },
  embedding: { inputs: ['TEXT'], outputs: ['EMBEDDING'], isStreaming: false },
  multimodal: { inputs: ['TEXT', 'IMAGE'], outputs: ['EMBEDDING'], isStreaming: false },
} as const;

const rows: readonly Row[] = [
  ['anthropic.claude-3-haiku-20240307-v1:0', 'Claude 3 Haiku', 'vision', 'both'],
  ['anthropic.claude-3-5-haiku-20241022-v1:0', 'Claude 3.5 Haiku', 'vision', 'both'],
  ['anthropic.claude-3-5-sonnet-20241022-v2:0', 'Claude 3.5 Sonnet v2', 'vision', 'both', 'legacy'],
  ['anthropic.claude-sonnet-4-20250514-v1:0', 'Claude Sonnet 4', 'vision', 'profile'],
  ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'Claude Sonnet 4.5', 'vision', 'profile'],
  ['amazon.nova-micro-v1:0', 'Nova Micro', 'text', 'both'],
  ['amazon.nova-lite-v1:0', 'Nova Lite', 'video', 'both'],
  ['amazon.nova-pro-v1:0', 'Nova Pro', 'video', 'both'],
  ['amazon.nova-sonic-v1:0', 'Nova Sonic', 'speech'],
  ['amazon.nova-reel-v1:0', 'Nova Reel', 'reel'],
  ['amazon.nova-2-multimodal-embeddings-v1:0', 'Nova Multimodal Embeddings', 'multimodal'],
  ['amazon.titan-text-express-v1', 'Titan Text G1 - Express', 'text', 'legacy'],
  ['amazon.titan-embed-text-v1', 'Titan Embeddings G1 - Text', 'embedding'],
  ['amazon.titan-embed-text-v2:0', 'Titan Text Embeddings V2', 'embedding'],
  ['amazon.titan-embed-image-v1', 'Titan Multimodal Embeddings G1', 'multimodal'],
  ['cohere.command-text-v14', 'Command', 'text', 'legacy'],
  ['cohere.command-r-v1:0', 'Command R', 'text'],
  ['cohere.command-r-plus-v1:0', 'Command R+', 'text'],
  ['cohere.embed-english-v3', 'Embed English', 'embedding'],
  ['cohere.embed-multilingual-v3', 'Embed Multilingual', 'embedding'],
  ['cohere.embed-v4:0', 'Embed v4', 'multimodal', 'both'],
  ['meta.llama3-8b-instruct-v1:0', 'Llama 3 8B Instruct', 'text'],
  ['meta.llama3-3-70b-instruct-v1:0', 'Llama 3.3 70B Instruct', 'text', 'profile'],
  ['mistral.mistral-7b-instruct-v0:2', 'Mistral 7B Instruct', 'text'],
  ['mistral.mixtral-8x7b-instruct-v0:1', 'Mixtral 8x7B Instruct', 'text'],
];

const providers: Readonly<Record<string, string>> = {
  anthropic: 'Anthropic',
  amazon: 'Amazon',
  cohere: 'Cohere',
  meta: 'Meta',
  mistral: 'Mistral AI',
};

export const catalogue: readonly ListedModel[] = rows.map(([id, name, kind, ...flags]) => ({
  id,
  name,
  provider: providers[id.split('.', 1)[0] ?? ''] ?? '',
  ...kinds[kind],
  inference: [
    ...(flags.includes('profile') ? [] : ['ON_DEMAND']),
    ...(flags.includes('profile') || flags.includes('both') ? ['INFERENCE_PROFILE'] : []),
  ],
  isLegacy: flags.includes('legacy'),
}));
