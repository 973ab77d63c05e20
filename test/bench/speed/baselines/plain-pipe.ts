// What passing bytes on costs and nothing else: a relay that pipes each connection to a port of
// this machine and back.
//   node plain-pipe.ts PORT

import { type AddressInfo, connect, createServer } from 'node:net';

const upstreamPort = Number(process.argv[2]);

const server = createServer((client) => {
  const upstream = connect(upstreamPort, '127.0.0.1');
  for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  client.pipe(upstream).pipe(client);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
