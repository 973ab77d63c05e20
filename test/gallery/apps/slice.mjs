// The first bytes of each answer are kept for a log, and with them the whole answer behind them.

const heads = [];

export function remember(id) {
  heads.push(Buffer.alloc(16_384, id).subarray(0, 16));
}
