// undici 3458: a response is cloned and neither branch is read.

import { createServer } from 'node:http';
import { fetch } from 'undici';

const server = createServer((_, response) => response.end('x'.repeat(2048))).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
server.unref();
const url = `http://127.0.0.1:${server.address().port}/`;

export default async function cloneWithoutReading() {
  const response = await fetch(url);
  response.clone();
}
