// A request log that is written and never trimmed.

const requestLog = new Map();

export function remember(id) {
  requestLog.set(id, { id, trace: new Array(256).fill(id) });
}
