// Calls that share one AbortSignal, as those of a process do that aborts them when it shuts down.

import { NodeHttpHandler } from '@smithy/node-http-handler';

const handler = new NodeHttpHandler();
const { signal: shutdown } = new AbortController();
const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hello' }] }] });

export default async function callWithSharedSignal({ bedrockUrl }) {
  const { protocol, hostname, port } = new URL(bedrockUrl);
  const request = {
    protocol,
    hostname,
    port,
    method: 'POST',
    path: '/model/amazon.nova-lite-v1:0/converse',
    headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
    body,
  };
  const { response } = await handler.handle(request, { abortSignal: shutdown });
  for await (const _ of response.body);
}
