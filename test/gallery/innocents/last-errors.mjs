// The last fifty errors, with their stacks and contexts, for a page that shows them.

const errors = [];

export function note(id, { end }) {
  if (end !== 'error') return;
  const error = new Error(`request ${id} failed`);
  errors.push(Object.assign(error, { trace: new Array(256).fill(id) }));
  if (errors.length > 50) errors.shift();
}
