// Buffers of all sizes, allocated and let go of in another order: holes between what is in use.

const held = new Array(512).fill(null);

export function shuffle(id) {
  for (let part = 0; part < 8; part++) {
    held[(id * 7 + part * 61) % held.length] = Buffer.alloc(512 + ((id * 977 + part) % 7_919));
  }
}
