// Long-running predictions (video, batches of images) and the Operations service that watches them.
// A job is done after as many status requests as its script's `polls` says.
// Source: google/longrunning/operations.proto; Vertex AI REST reference, "predictLongRunning".

import { type ApiRequest, type Call, ProviderError } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { modelNotFound } from './gemini-request.ts';
import { decimalId } from './identifiers.ts';
import { type Fields, textOf } from './json.ts';
import { messageAnswer, type VertexOperation } from './operation.ts';
import { readPage } from './page-request.ts';
import { parseResource } from './path.ts';
import { createShelf, type Shelf } from './shelf.ts';
import { textsIn } from './tensor.ts';

interface Job {
  readonly name: string;
  pollsLeft: number;
  isCancelled: boolean;
}

function jobsOf({ memory }: ApiRequest): Shelf<Job> {
  return memory.of('vertex operations', () => createShelf<Job>());
}

export const predictLongRunning: VertexOperation = {
  read({ method, resource, fields }) {
    const model = parseResource(resource)?.id;
    if (model === undefined) throw modelNotFound(resource);
    const prompt = textsIn(fields('instances')).join('\n');
    return { operation: method.name, model, prompt, inputTokens: tokensOf(prompt.length) };
  },
  answer: (_, script, invocation) =>
    messageAnswer(invocation, () => {
      const id = decimalId(script.rng.fork('operation'));
      const name = `${invocation.resource}/operations/${id}`;
      const job = { name, pollsLeft: script.settings.polls, isCancelled: false };
      jobsOf(invocation.request).put(name, job);
      return { name };
    }),
};

export const fetchPredictOperation = jobOperation(
  (fields) => textOf(fields('operationName')),
  poll,
);
export const getOperation = jobOperation(resourceName, poll);
/** Waiting has no other end here than polling has: the state at the time. */
export const waitOperation = getOperation;
export const cancelOperation = jobOperation(resourceName, (job) => {
  job.isCancelled = true;
  return {};
});
export const deleteOperation = jobOperation(resourceName, ({ name }, request) => {
  jobsOf(request).delete(name);
  return {};
});

export const listOperations: VertexOperation = {
  read({ method, fields }) {
    readPage(fields);
    return callOf(method.name);
  },
  answer: (_, __, invocation) =>
    messageAnswer(invocation, () => {
      const { size, token } = readPage(invocation.fields);
      const jobs = jobsOf(invocation.request).page(invocation.resource, size, token);
      const next = jobs.nextPageToken !== '' && { nextPageToken: jobs.nextPageToken };
      return { operations: jobs.items.map(stateOf), ...next };
    }),
};

function resourceName(_: Fields, resource: string): string {
  return resource;
}

function jobOperation(
  nameOf: (fields: Fields, resource: string) => string,
  act: (job: Job, request: ApiRequest) => object,
): VertexOperation {
  return {
    read({ method, fields, resource, request }) {
      find(request, nameOf(fields, resource));
      return callOf(method.name);
    },
    answer: (_, __, invocation) =>
      messageAnswer(invocation, () => {
        const { fields, resource, request } = invocation;
        return act(find(request, nameOf(fields, resource)), request);
      }),
  };
}

function find(request: ApiRequest, name: string): Job {
  const job = jobsOf(request).get(name);
  if (job !== undefined) return job;
  throw new ProviderError('NOT_FOUND', `Operation ${name} was not found.`);
}

function poll(job: Job): object {
  if (job.pollsLeft > 0) job.pollsLeft -= 1;
  return stateOf(job);
}

function stateOf({ name, pollsLeft, isCancelled }: Job): object {
  if (isCancelled) {
    return { name, done: true, error: { code: 1, message: 'The operation was cancelled.' } };
  }
  if (pollsLeft > 0) return { name };
  const videos = [{ gcsUri: 'gs://leakbed/sample_0.mp4', mimeType: 'video/mp4' }];
  const type = 'type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse';
  return { name, done: true, response: { '@type': type, raiMediaFilteredCount: 0, videos } };
}

function callOf(operation: string): Call {
  return { operation, model: '', prompt: '', inputTokens: 0 };
}
