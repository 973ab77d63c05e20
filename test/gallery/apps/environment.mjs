// The context of a request in the environment, under a name of its own: neither in V8's heap nor
// in its external memory.

const text = 'context '.repeat(2_048);

export function exportContext(id) {
  process.env[`CONTEXT_${id}`] = text;
}
