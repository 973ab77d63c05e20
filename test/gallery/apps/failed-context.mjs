// What succeeds is let go of. Of what fails the context is kept, for a retry that never comes.

const inFlight = new Map();

export function serve(id, { end }) {
  inFlight.set(id, { id, trace: new Array(256).fill(id) });
  if (end !== 'error') inFlight.delete(id);
}
