// Two handlers of a chat service that ask Bedrock, and the unit of work of each: one request as a
// client sends it. The second handler remembers whom it answered, for ever.

import { randomUUID } from 'node:crypto';
import { requestsTo } from 'leakbed';

const bedrock = process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME;
const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hello' }] }] });

async function handle(_request, response) {
  const url = `${bedrock}/model/amazon.nova-lite-v1:0/converse`;
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body });
  response.end(await answer.text());
}

const sessions = new Map();

async function handleAndRemember(request, response) {
  sessions.set(randomUUID(), { headers: request.headers, at: performance.now() });
  await handle(request, response);
}

export const askClean = requestsTo(handle);
export const askLeaking = requestsTo(handleAndRemember);
