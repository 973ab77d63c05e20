// Weak references whose shells are never swept: the value may go, the entry stays.

const tracked = new Set();

export function track(id) {
  for (let part = 0; part < 16; part++) {
    tracked.add({ ref: new WeakRef({ id }), label: `session ${id}/${part}` });
  }
}
