// Context caching: GenAiCacheService over gRPC and REST. Kept are figures only, as the service
// never gives contents back. Source: gen_ai_cache_service.proto, cached_content.proto.

import type { Rng } from '../../injectors/determinism.ts';
import { systemClock } from '../../injectors/determinism.ts';
import { type ApiRequest, type Call, ProviderError } from '../provider.ts';
import { geminiModel, readGeminiPrompt } from './gemini-request.ts';
import { decimalId } from './identifiers.ts';
import { type Fields, fieldsOf, textOf } from './json.ts';
import { messageAnswer, type VertexOperation } from './operation.ts';
import { readPage } from './page-request.ts';
import { createShelf, type Shelf } from './shelf.ts';

interface CachedContent {
  readonly name: string;
  readonly displayName?: string;
  readonly model: string;
  readonly createTime: string;
  readonly updateTime: string;
  readonly expireTime: string;
  readonly usageMetadata: { readonly totalTokenCount: number; readonly textCount: number };
}

const usualTtlSeconds = 3600;

function shelfOf({ memory }: ApiRequest): Shelf<CachedContent> {
  return memory.of('vertex cached contents', () =>
    createShelf<CachedContent>(({ expireTime }) => Date.parse(expireTime) > nowMs()),
  );
}

/** Tokens of the content that a Gemini request names; it must be there. */
export function cachedTokensOf(request: ApiRequest, name: unknown): number {
  if (typeof name !== 'string' || name === '') return 0;
  return find(request, name).usageMetadata.totalTokenCount;
}

function find(request: ApiRequest, name: string): CachedContent {
  const content = shelfOf(request).get(name);
  if (content !== undefined) return content;
  const id = name.slice(name.lastIndexOf('/') + 1);
  throw new ProviderError('NOT_FOUND', `Not found: cached content metadata for ${id}.`);
}

interface CacheCall extends Call {
  readonly content: Fields;
}

export const createCachedContent: VertexOperation<CacheCall> = {
  read({ method, fields }) {
    const content = contentOf(fields);
    const model = textOf(content('model'));
    const id = geminiModel(model);
    const { prompt, inputTokens } = readGeminiPrompt(content);
    return { operation: method.name, model: id, prompt, inputTokens, content };
  },
  answer: ({ content, inputTokens, prompt }, script, invocation) =>
    messageAnswer(invocation, () => {
      const id = decimalId(script.rng.fork('cached-content') satisfies Rng);
      const name = `${invocation.resource}/cachedContents/${id}`;
      const now = timeAt(nowMs());
      const displayName = content('displayName');
      const made: CachedContent = {
        name,
        ...(typeof displayName === 'string' && { displayName }),
        model: textOf(content('model')),
        createTime: now,
        updateTime: now,
        expireTime: expiryOf(content) ?? timeAt(nowMs() + usualTtlSeconds * 1000),
        usageMetadata: { totalTokenCount: inputTokens, textCount: prompt.length },
      };
      shelfOf(invocation.request).put(name, made);
      return made;
    }),
};

export const getCachedContent: VertexOperation = {
  read({ method, request, resource }) {
    return call(method.name, find(request, resource).model);
  },
  answer: (_, __, invocation) =>
    messageAnswer(invocation, () => find(invocation.request, invocation.resource)),
};

export const updateCachedContent: VertexOperation<CacheCall> = {
  read({ method, request, resource, fields }) {
    const { model } = find(request, resource);
    const content = contentOf(fields);
    if (expiryOf(content) === undefined) {
      const problem = 'Only expiration may be updated: give ttl or expire_time.';
      throw new ProviderError('INVALID_ARGUMENT', problem);
    }
    return { ...call(method.name, model), content };
  },
  answer: ({ content }, _, invocation) =>
    messageAnswer(invocation, () => {
      const { request, resource } = invocation;
      const kept = find(request, resource);
      const expireTime = expiryOf(content) ?? kept.expireTime;
      const updated = { ...kept, updateTime: timeAt(nowMs()), expireTime };
      shelfOf(request).put(kept.name, updated);
      return updated;
    }),
};

export const deleteCachedContent: VertexOperation = {
  read: getCachedContent.read,
  answer: (_, __, invocation) =>
    messageAnswer(invocation, () => {
      shelfOf(invocation.request).delete(invocation.resource);
      return {};
    }),
};

export const listCachedContents: VertexOperation = {
  read({ method, fields }) {
    readPage(fields);
    return call(method.name, '');
  },
  answer: (_, __, invocation) =>
    messageAnswer(invocation, () => {
      const { size, token } = readPage(invocation.fields);
      const prefix = `${invocation.resource}/cachedContents/`;
      const { items, nextPageToken } = shelfOf(invocation.request).page(prefix, size, token);
      return { cachedContents: items, ...(nextPageToken !== '' && { nextPageToken }) };
    }),
};

function call(operation: string, model: string): Call {
  return { operation, model, prompt: '', inputTokens: 0 };
}

function contentOf(fields: Fields): Fields {
  const content = fields('cachedContent');
  const found = typeof content === 'function' ? (content as Fields) : fieldsOf(content);
  if (found !== undefined) return found;
  throw new ProviderError('INVALID_ARGUMENT', 'cached_content is required.');
}

/** When it ends, from `ttl` (a Duration) or `expireTime` (a Timestamp). */
function expiryOf(content: Fields): string | undefined {
  const [ttl, expireTime] = [content('ttl'), content('expireTime')];
  if (typeof expireTime === 'string' && !Number.isNaN(Date.parse(expireTime))) return expireTime;
  const seconds = typeof ttl === 'string' ? Number(ttl.replace(/s$/, '')) : Number.NaN;
  return seconds > 0 ? timeAt(nowMs() + seconds * 1000) : undefined;
}

function nowMs(): number {
  return systemClock.wallTime().getTime();
}

function timeAt(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
