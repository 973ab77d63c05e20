// What a client that left had not read yet stays in the list of what is to be sent.

const pending = new Map();

export function send(id, { end }) {
  pending.set(id, Buffer.alloc(8_192, id));
  if (end !== 'abort') pending.delete(id);
}
