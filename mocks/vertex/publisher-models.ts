// The model garden: which models a publisher has. Source:
// google/cloud/aiplatform/v1/model_garden_service.proto.

import { type Call, ProviderError } from '../provider.ts';
import { messageAnswer, type VertexOperation } from './operation.ts';
import { readPage } from './page-request.ts';

const models: Readonly<Record<string, readonly string[]>> = {
  google: [
    'gemini-2.5-flash',
    'gemini-2.5-flash-lite',
    'gemini-2.5-pro',
    'gemini-3-pro-preview',
    'gemini-embedding-001',
    'multimodalembedding',
    'text-embedding-005',
    'text-multilingual-embedding-002',
  ],
  anthropic: ['claude-haiku-4-5', 'claude-opus-4-1', 'claude-sonnet-4-5'],
  meta: ['llama-3.3-70b-instruct-maas', 'llama-4-maverick-17b-128e-instruct-maas'],
  mistralai: ['codestral-2', 'mistral-medium-3', 'mistral-small-2503'],
};

export const getPublisherModel: VertexOperation = {
  read({ method, resource }) {
    const [, publisher = '', , id = ''] = resource.split('/');
    const isKnown = Object.hasOwn(models, publisher) && models[publisher]?.includes(id);
    if (isKnown) return { operation: method.name, model: id, prompt: '', inputTokens: 0 };
    throw new ProviderError('NOT_FOUND', `Publisher Model \`${resource}\` is not found.`);
  },
  answer: (_, __, invocation) => messageAnswer(invocation, () => modelOf(invocation.resource)),
};

export const listPublisherModels: VertexOperation = {
  read({ method, fields }): Call {
    readPage(fields);
    return { operation: method.name, model: '', prompt: '', inputTokens: 0 };
  },
  answer: (_, __, invocation) =>
    messageAnswer(invocation, () => {
      const { size, token } = readPage(invocation.fields);
      const publisher = invocation.resource.split('/')[1] ?? '';
      const ids = Object.hasOwn(models, publisher) ? (models[publisher] ?? []) : [];
      const from = token === '' ? 0 : ids.indexOf(token) + 1;
      const shown = ids.slice(from, from + size);
      const nextPageToken = from + size < ids.length ? shown.at(-1) : undefined;
      return {
        publisherModels: shown.map((id) => modelOf(`publishers/${publisher}/models/${id}`)),
        ...(nextPageToken !== undefined && { nextPageToken }),
      };
    }),
};

const textEmbedding =
  'gs://google-cloud-aiplatform/schema/predict/instance/text_embedding_1.0.0.yaml';

function modelOf(name: string): object {
  return {
    name,
    versionId: 'default',
    openSourceCategory: 'PROPRIETARY',
    launchStage: 'GA',
    versionState: 'VERSION_STATE_STABLE',
    // Google's older client for Python asks this model's own address and schema of its embeddings.
    publisherModelTemplate: `projects/{user-project}/locations/{location}/${name}`,
    ...(name.includes('text-') && { predictSchemata: { instanceSchemaUri: textEmbedding } }),
  };
}
