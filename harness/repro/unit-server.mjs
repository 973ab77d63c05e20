// One unit of work as a gateway with one route, so that load, probes and verdict are those of any
// gateway: each request runs the module's export once. Plain JavaScript for any Node from
// 18 on, and nothing but Node in its heap beside the module itself.
//
//   LEAKBED_UNIT         file:// URL of the module
//   LEAKBED_UNIT_EXPORT  the export that is the unit; absent: the default one
//   LEAKBED_MOCKS        where the fake providers are

import { createServer } from 'node:http';

const mocksUrl = process.env.LEAKBED_MOCKS ?? '';
const stop = new AbortController();
let iteration = 0;

function context() {
  return {
    bedrockUrl: mocksUrl,
    vertexUrl: mocksUrl,
    env: process.env,
    signal: stop.signal,
    iteration: iteration++,
  };
}

function giveUp(why) {
  process.stderr.write(`Cannot run the module: ${why}\n`);
  process.exit(1);
}

/** What went wrong and where, without Node's own frames. */
function told(error) {
  const lines = String(error?.stack ?? error).split('\n');
  return lines.filter((line) => !/^\s+at .*(?:node:|unit-server\.mjs)/.test(line)).join('\n');
}

const exported = process.env.LEAKBED_UNIT_EXPORT ?? 'default';
const module = await import(process.env.LEAKBED_UNIT ?? '').catch((error) =>
  giveUp(`it does not load: ${told(error)}`),
);
const unit = module[exported];
if (typeof unit !== 'function') {
  giveUp(`it must export a function as ${exported}, one call of which is one unit of work.`);
}
// Work that always fails would be measured as well as any, and would say nothing.
try {
  await unit(context());
} catch (error) {
  giveUp(`its first call threw ${told(error)}`);
}

const server = createServer(async (request, response) => {
  request.resume();
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    await unit(context());
    answer(200, { done: true });
  } catch (error) {
    answer(500, { error: { message: String(error?.stack ?? error).slice(0, 500) } });
  }
});
process.once('SIGTERM', () => {
  stop.abort();
  server.close(() => process.exit(0));
  server.closeAllConnections?.();
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
