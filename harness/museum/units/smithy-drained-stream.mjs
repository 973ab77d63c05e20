// One event-stream call over HTTP/2 that is read to its end, as on any good day.

import { NodeHttp2Handler } from '@smithy/node-http-handler';

const handler = new NodeHttp2Handler();
const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hello' }] }] });

export default async function drainedStream({ bedrockUrl }) {
  const { protocol, hostname, port } = new URL(bedrockUrl);
  const request = {
    protocol,
    hostname,
    port,
    method: 'POST',
    path: '/model/amazon.nova-lite-v1:0/converse-stream',
    headers: { 'content-type': 'application/json' },
    body,
  };
  const { response } = await handler.handle(request, { isEventStream: true });
  for await (const _ of response.body);
}
