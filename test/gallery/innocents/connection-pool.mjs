// A pool of at most ten connections that is filled as it is used, one in 60 requests.

import { connect, createServer } from 'node:net';

const peer = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
const pool = [];

export function borrow(id) {
  if (id % 60 === 0 && pool.length < 10) pool.push(connect(peer.address().port, '127.0.0.1'));
  pool[id % pool.length]?.write('a few bytes');
}
