// Memory that is taken from the gateway's surroundings: a child process fills pages with bytes that
// cannot be shared or compressed away. In the gateway's own cgroup, where it has one; otherwise it
// takes the machine's, and leaves the machine what it needs. The kernel's memory killer is told to
// take the balloon first (proc_pid_oom_score_adj(5)).

import { writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { type Burden, startBurden } from './burden.ts';
import type { MemoryCgroup } from './gateway-process.ts';

export interface Balloon extends AsyncDisposable {
  /** Grows to so many bytes; resolves once it holds them. */
  inflate(bytes: number): Promise<void>;
}

/** Of the machine's memory, so much is never taken: others run on it too. */
const leftShare = 0.125;

const script = `
const { randomFillSync } = require('node:crypto');
const held = [];
let heldBytes = 0;
lines.on('line', (line) => {
  for (let more = Number(line) - heldBytes; more > 0; ) {
    const piece = Math.min(more, 16 * 1024 ** 2);
    held.push(randomFillSync(Buffer.allocUnsafeSlow(piece)));
    heldBytes += piece;
    more -= piece;
  }
  console.log(heldBytes);
});
`;

export async function openBalloon(cgroup: MemoryCgroup | null): Promise<Balloon> {
  const burden = await startBurden(script);
  try {
    writeFileSync(`/proc/${burden.pid}/oom_score_adj`, '1000');
    if (cgroup !== null) writeFileSync(`${cgroup.folder}/cgroup.procs`, String(burden.pid));
    return balloonOf(burden, cgroup);
  } catch (error) {
    await burden[Symbol.asyncDispose]();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot put a balloon beside the gateway: ${why}. Run leakbed as root.`);
  }
}

function balloonOf(burden: Burden, cgroup: MemoryCgroup | null): Balloon {
  let heldBytes = 0;
  return {
    async inflate(bytes) {
      const left = process.availableMemory() - (bytes - heldBytes);
      if (cgroup === null && left < leftShare * totalmem()) {
        const mib = (of: number) => `${Math.round(of / 1024 ** 2)} MiB`;
        throw new RangeError(
          `Cannot inflate the balloon to ${mib(bytes)}: of the machine's memory only ` +
            `${mib(left)} would be left. Take less, or give the gateway a cgroup of its own.`,
        );
      }
      await burden.tell(bytes);
      heldBytes = bytes;
    },
    [Symbol.asyncDispose]: () => burden[Symbol.asyncDispose](),
  };
}
