// A fetch with an AbortSignal of its own, read to its end and never aborted.

import { Agent, fetch } from 'undici';

// Its own: the default one may be that of the undici in Node.
const dispatcher = new Agent();
const path = '/model/amazon.nova-lite-v1:0/converse';
const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hello' }] }] });
const headers = { 'content-type': 'application/json' };

export default async function fetchWithSignal({ bedrockUrl }) {
  const { signal } = new AbortController();
  const response = await fetch(bedrockUrl + path, {
    method: 'POST',
    headers,
    body,
    signal,
    dispatcher,
  });
  await response.text();
}
