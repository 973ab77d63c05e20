// What writing bytes to a socket costs and nothing else: whoever sends a request gets a body of
// MEBIBYTES in prepared batches of 64 KiB, as fast as it is read.
//   node raw-net.ts MEBIBYTES

import { type AddressInfo, createServer } from 'node:net';

const batch = Buffer.alloc(65_536, 'the model answers with plain words ');
const batchCount = (Number(process.argv[2]) * 1024 ** 2) / batch.length;
const head = `HTTP/1.1 200 OK\r\ncontent-length: ${batchCount * batch.length}\r\n\r\n`;

const server = createServer({ noDelay: true }, (socket) => {
  let left = 0;
  const fill = () => {
    while (left > 0) {
      left -= 1;
      if (!socket.write(batch)) return;
    }
  };
  socket.on('data', () => {
    left = batchCount;
    socket.write(head);
    fill();
  });
  socket.on('drain', fill).on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
