// What a proxy or a load balancer answers when the service behind it does not: a page of HTML,
// which clients that expect the service's own errors cannot read.

import { defineInjector } from '../injector.ts';
import { integer } from '../options.ts';
import { needsHead } from '../stream/needs-head.ts';
import { complete } from '../stream.ts';

export const htmlError = defineInjector({
  name: 'html-error',
  family: 'response',
  summary: 'Answers with a page of HTML, as a load balancer would.',
  options: {
    code: integer(502, 'HTTP status; 200 hides that it is an error', { min: 200, max: 599 }),
  },
  example: 'html-error;code=502',
  isTerminal: true,
  notOn: needsHead,
  explain: ({ code }) => `answers with status ${code} and HTML`,
  head: (head, { code }) => ({
    ...head,
    status: code,
    headers: { 'Content-Type': 'text/html', 'Content-Length': String(page(code).length) },
  }),
  *wire(_frames, { code }, context) {
    context.note(`${code} and HTML`);
    yield { bytes: page(code), label: 'body', dueMs: 0 };
    return complete;
  },
});

function page(code: number): Buffer {
  const title = `${code} from the load balancer`;
  return Buffer.from(
    `<html>\r\n<head><title>${title}</title></head>\r\n` +
      `<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
  );
}
