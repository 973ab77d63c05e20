// Events are sent off in batches of a hundred: what waits goes up and down.

let batch = [];

export function enqueue(id) {
  batch.push({ id, trace: new Array(64).fill(id) });
  if (batch.length === 100) batch = [];
}
