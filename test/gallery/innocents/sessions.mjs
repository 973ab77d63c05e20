// A table of sessions with a thousand places; the oldest makes room.

const sessions = new Map();

export function open(id) {
  sessions.set(id, { id, seen: [id], trace: new Array(32).fill(id) });
  if (sessions.size > 1_000) sessions.delete(sessions.keys().next().value);
}
