// The IAMPolicy service that Vertex AI mixes in: who may use a resource. Policies are kept and
// read back, and change nothing: every permission that is asked about is granted.
// Source: google/iam/v1/iam_policy.proto and policy.proto.

import type { Rng } from '../../injectors/determinism.ts';
import { type ApiRequest, type Call, ProviderError } from '../provider.ts';
import { fieldsOf, listOf, textOf } from './json.ts';
import { messageAnswer, type VertexOperation } from './operation.ts';
import type { Invocation } from './request.ts';
import { createShelf, type Shelf } from './shelf.ts';

interface Policy {
  readonly version: number;
  readonly bindings: readonly unknown[];
  readonly etag: string;
}

/** The etag is what every resource has before its first policy. */
const noPolicy: Policy = { version: 0, bindings: [], etag: 'ACAB' };

function policiesOf({ memory }: ApiRequest): Shelf<Policy> {
  return memory.of('vertex policies', () => createShelf<Policy>());
}

function policyOf({ request, resource }: Invocation): Policy {
  return policiesOf(request).get(resource) ?? noPolicy;
}

export const getIamPolicy: VertexOperation = {
  read: callOf,
  answer: (_, __, invocation) => messageAnswer(invocation, () => shown(policyOf(invocation))),
};

export const setIamPolicy: VertexOperation = {
  read(invocation) {
    const policy = fieldsOf(invocation.fields('policy'));
    if (policy === undefined) {
      throw new ProviderError('INVALID_ARGUMENT', 'Policy must be specified.');
    }
    const etag = etagIn(policy('etag'));
    if (etag !== '' && etag !== policyOf(invocation).etag) {
      const problem =
        'There were concurrent policy changes. Please retry the whole read-modify-write with ' +
        'exponential backoff.';
      throw new ProviderError('ABORTED', problem);
    }
    return callOf(invocation);
  },
  answer: (_, script, invocation) =>
    messageAnswer(invocation, () => {
      const given = fieldsOf(invocation.fields('policy'));
      const policy = {
        version: Number(given?.('version') ?? 1) || 1,
        bindings: listOf(given?.('bindings')),
        etag: freshEtag(script.rng.fork('etag')),
      };
      policiesOf(invocation.request).put(invocation.resource, policy);
      return shown(policy);
    }),
};

export const testIamPermissions: VertexOperation = {
  read(invocation) {
    const wild = permissionsIn(invocation).find((permission) => permission.includes('*'));
    if (wild !== undefined) {
      const problem = `Permission ${wild} is not allowed: wildcards cannot be tested.`;
      throw new ProviderError('INVALID_ARGUMENT', problem);
    }
    return callOf(invocation);
  },
  answer: (_, __, invocation) =>
    messageAnswer(invocation, () => ({ permissions: permissionsIn(invocation) })),
};

function permissionsIn({ fields }: Invocation): string[] {
  return listOf(fields('permissions')).map(textOf);
}

/** Over gRPC bytes, over REST their base64. */
function etagIn(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('base64') : textOf(value);
}

function freshEtag(rng: Rng): string {
  return Buffer.from(Array.from({ length: 8 }, () => rng.integer(0, 255))).toString('base64');
}

/** What has its default is left out, as ProtoJSON does. */
function shown({ version, bindings, etag }: Policy): object {
  return { ...(version > 0 && { version }), ...(bindings.length > 0 && { bindings }), etag };
}

function callOf({ method, resource }: Invocation): Call {
  if (resource === '') throw new ProviderError('INVALID_ARGUMENT', 'Resource must be specified.');
  return { operation: method.name, model: '', prompt: '', inputTokens: 0 };
}
