// A pool that takes everything back and lends nothing out again.

class Pool {
  #idle = [];
  giveBack(id) {
    this.#idle.push({ id, trace: new Array(256).fill(id) });
  }
}

const pool = new Pool();

export const release = (id) => pool.giveBack(id);
