// A small server that does what one file of apps/ does with every request, beside ordinary work.
// Plain JavaScript, so that it runs on any Node: node app.mjs LEAK. Prints {"url"} when it listens.

import { createServer } from 'node:http';

const file = process.argv[2];
const { default: ignored, ...named } = await import(`./apps/${file}`);
const leak = Object.values({ ...ignored, ...named }).find((value) => typeof value === 'function');

let served = 0;
const recent = [];

/** What every gateway does: read, parse, keep a little of it for a while. */
function ordinaryWork(id) {
  const parsed = JSON.parse(JSON.stringify({ id, words: 'a few words of a prompt'.split(' ') }));
  recent.push(parsed);
  if (recent.length > 100) recent.shift();
  return parsed.words.length;
}

const server = createServer((_request, response) => {
  served++;
  const count = ordinaryWork(served);
  leak(served);
  response.end(String(count));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`);
});
