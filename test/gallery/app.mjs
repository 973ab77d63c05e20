// A small gateway that does what one file does with every request, beside ordinary work. Plain
// JavaScript, so that it runs on any Node: node app.mjs map.mjs, or ../innocents/lru-cache.mjs.
// Prints {"url"} when it listens.
//
// The file's function is called once for each request, when it is over: work(id, { key, end }),
// `id` counting from 1, `key` the question, `end` one of 'ok', 'error' and 'abort'.

import { createServer } from 'node:http';

const file = process.argv[2];
const { default: ignored, ...named } = await import(`./apps/${file}`);
const work = Object.values({ ...ignored, ...named }).find((value) => typeof value === 'function');

let served = 0;
const recent = [];

/** What every gateway does: read, parse, keep a little of it for a while. */
function ordinaryWork(id) {
  const parsed = JSON.parse(JSON.stringify({ id, words: 'a few words of a prompt'.split(' ') }));
  recent.push(parsed);
  if (recent.length > 100) recent.shift();
  return parsed.words.length;
}

const streamMs = 500;

/** A first event, then a pause in which the client may leave. */
function stream(response, event) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event);
  const timer = setTimeout(() => response.end('data: [DONE]\n\n'), streamMs);
  response.once('close', () => clearTimeout(timer));
}

async function answer(asked, response) {
  const id = ++served;
  const key = asked.messages?.[0].content ?? `question ${id}`;
  const content = String(ordinaryWork(id));
  const isFailing = key.includes('fault=');
  if (asked.stream === true) {
    response.once('close', () =>
      work(id, { key, end: response.writableFinished ? 'ok' : 'abort' }),
    );
    stream(response, `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
    return;
  }
  await work(id, { key, end: isFailing ? 'error' : 'ok' });
  response.writeHead(isFailing ? 400 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ choices: [{ message: { content } }] }));
}

const server = createServer((request, response) => {
  if (request.url === '/metrics') return response.writeHead(404).end();
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text) => {
    body += text;
  });
  return request.on('end', () => answer(body === '' ? {} : JSON.parse(body), response));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`);
});
