// Cursors that are opened, read once and never closed: each suspended generator keeps its locals.

const cursors = new Map();

function* readRows(id) {
  const page = new Array(256).fill(id);
  for (const row of page) yield row;
}

export function openCursor(id) {
  const cursor = readRows(id);
  cursor.next();
  cursors.set(id, cursor);
}
