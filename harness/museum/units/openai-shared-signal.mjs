// Calls of OpenAI's SDK to Vertex AI's endpoint for it that share one AbortSignal.

import OpenAI from 'openai';

const endpoint = '/v1/projects/p/locations/us-central1/endpoints/openapi';
const messages = [{ role: 'user', content: 'hello' }];
const { signal: shutdown } = new AbortController();
let client;

export default async function callWithSharedSignal({ vertexUrl }) {
  client ??= new OpenAI({ apiKey: 'leakbed', baseURL: `${vertexUrl}${endpoint}` });
  const request = { model: 'google/gemini-2.5-flash', messages };
  await client.chat.completions.create(request, { signal: shutdown });
}
