// An OpenAI-compatible API as cheap as can be, to measure a client by: prepared bytes over bare
// sockets. The model says what is answered: "whole" 40 events at once, "json" one document,
// "opening" five events and nothing more, "slow" an event a second, four times.

import { type AddressInfo, createServer, type Socket } from 'node:net';
import { systemClock } from '../../../../injectors/determinism.ts';

const eventCount = 40;
const slowEvents = 4;
const event = `data: ${JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: { content: 'twelve bytes' }, finish_reason: null }],
})}\n\n`;
const done = 'data: [DONE]\n\n';
const head =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const document = JSON.stringify({
  id: 'chatcmpl-1',
  choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(400) } }],
  usage: { prompt_tokens: 7, completion_tokens: 400, total_tokens: 407 },
});
const last = `${chunk(done)}0\r\n\r\n`;
const answers: Readonly<Record<string, Buffer>> = {
  whole: Buffer.from(head + chunk(event).repeat(eventCount) + last),
  json: Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${document.length}\r\n\r\n` +
      document,
  ),
  opening: Buffer.from(head + chunk(event).repeat(5)),
};
const slowPiece = Buffer.from(chunk(event));

const server = createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    const headEnd = text.indexOf('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (headEnd < 0 || text.length < headEnd + 4 + length) return;
    const model = /"model":"(\w+)"/.exec(text)?.[1] ?? '';
    text = '';
    if (model === 'slow') trickle(socket);
    else socket.write(answers[model] ?? 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
  });
});

function trickle(socket: Socket): void {
  let left = slowEvents;
  socket.write(head);
  const next = () => {
    if (socket.destroyed) return;
    left -= 1;
    socket.write(slowPiece);
    if (left > 0) systemClock.after(1000, next);
    else socket.write(last);
  };
  next();
}

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
