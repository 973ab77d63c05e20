// Signals for a whole process group, and the guard that ends it when leakbed itself is gone.
//
// Whatever ends leakbed, the guard then sends SIGTERM and a second later SIGKILL to the group. It
// is a last will (injectors/ambient/last-will.ts): PR_SET_PDEATHSIG reaches no grandchild.

import { leaveWill } from '../../injectors/ambient/last-will.ts';
import { systemClock as clock, sleep } from '../../injectors/determinism.ts';
import { groupMembers } from './process-info.ts';

const guardScript = 'kill -TERM "-$1"; sleep 1; kill -KILL "-$1"; rm -rf -- "$2"';
const pollMs = 10;
/** What SIGKILL needs at most: a process in an uninterruptible read is the kernel's to end. */
const killLimitMs = 5_000;

/**
 * Starts the guard; the returned function sends it home. Rejects where there is no shell. The
 * folder, which is the group's own, goes with it.
 */
export function guardGroup(groupId: number, folder = ''): Promise<() => void> {
  return leaveWill(guardScript, [String(groupId), folder]);
}

/** Ends every process of the group: SIGTERM, a grace, SIGKILL. Resolves when none is left. */
export async function endGroup(groupId: number, graceMs: number): Promise<void> {
  if (!signalGroup(groupId, 'SIGTERM') || (await isEmptyWithin(groupId, graceMs))) return;
  signalGroup(groupId, 'SIGKILL');
  if (await isEmptyWithin(groupId, killLimitMs)) return;
  throw new Error(
    `Cannot end process group ${groupId}: ${groupMembers(groupId).join(', ')} survive SIGKILL. ` +
      'They wait in the kernel, on a dead network disk for instance.',
  );
}

async function isEmptyWithin(groupId: number, limitMs: number): Promise<boolean> {
  const startMs = clock.nowMs();
  while (!isEmpty(groupId)) {
    if (clock.nowMs() - startMs > limitMs) return false;
    await sleep(pollMs);
  }
  return true;
}

/** Asks the kernel first; the dead that an absent init never reaps answer it, so /proc decides. */
function isEmpty(groupId: number): boolean {
  return !signalGroup(groupId, 0) || groupMembers(groupId).length === 0;
}

/** False when the group has no member left. */
function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-groupId, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
