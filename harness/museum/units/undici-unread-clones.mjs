// A response is cloned and neither the clone nor the original is read.

import { Agent, fetch } from 'undici';

// Its own: the default one may be that of the undici in Node.
const dispatcher = new Agent();
const path = '/model/amazon.nova-lite-v1:0/converse';
const text = '[[leakbed total=80KiB]] hello';
const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text }] }] });
const headers = { 'content-type': 'application/json' };

export default async function cloneWithoutReading({ bedrockUrl }) {
  const response = await fetch(bedrockUrl + path, { method: 'POST', headers, body, dispatcher });
  response.clone();
}
