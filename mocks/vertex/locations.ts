// The Locations service: where Vertex AI is to be had.
// Source: google/cloud/location/locations.proto.

import { type Call, ProviderError } from '../provider.ts';
import { messageAnswer, type VertexOperation } from './operation.ts';
import { readPage } from './page-request.ts';

const regions = [
  'asia-northeast1',
  'asia-southeast1',
  'australia-southeast1',
  'europe-west1',
  'europe-west3',
  'europe-west4',
  'global',
  'us-central1',
  'us-east1',
  'us-east5',
  'us-west1',
];

export const listLocations: VertexOperation = {
  read({ method, fields }) {
    readPage(fields);
    return callOf(method.name);
  },
  answer: (_, __, invocation) =>
    messageAnswer(invocation, () => {
      const { size, token } = readPage(invocation.fields);
      const from = token === '' ? 0 : regions.indexOf(token) + 1;
      const shown = regions.slice(from, from + size);
      const nextPageToken = from + size < regions.length ? shown.at(-1) : undefined;
      const locations = shown.map((id) => location(`${invocation.resource}/locations/${id}`, id));
      return { locations, ...(nextPageToken !== undefined && { nextPageToken }) };
    }),
};

export const getLocation: VertexOperation = {
  read({ method, resource }) {
    const id = resource.slice(resource.lastIndexOf('/') + 1);
    if (regions.includes(id)) return callOf(method.name);
    throw new ProviderError('NOT_FOUND', `Location ${id} is not found or access is unauthorized.`);
  },
  answer: (_, __, invocation) =>
    messageAnswer(invocation, () => {
      const { resource } = invocation;
      return location(resource, resource.slice(resource.lastIndexOf('/') + 1));
    }),
};

function location(name: string, locationId: string): object {
  return { name, locationId, labels: { 'cloud.googleapis.com/region': locationId } };
}

function callOf(operation: string): Call {
  return { operation, model: '', prompt: '', inputTokens: 0 };
}
