// Promises that nobody settles: the code after each await never runs, and keeps what it would use.

const waiters = [];

export function awaitReply(id) {
  const trace = new Array(256).fill(id);
  new Promise((resolve) => waiters.push(resolve)).then(() => trace.length);
}
