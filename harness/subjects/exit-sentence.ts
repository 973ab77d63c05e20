// Says in words how a process ended. A verdict depends on it: a kill by the subject's own memory
// limit is a finding, a kill that leakbed sent is not.

export interface Exit {
  readonly name: string;
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
  /** The signal was leakbed's own. */
  readonly stoppedByUs: boolean;
  /** Out-of-memory kills the kernel counted in its cgroup meanwhile; null where it does not say. */
  readonly oomKills: number | null;
  readonly lastOutput: string;
}

export function exitSentence(exit: Exit): string {
  const who = `${exit.name} (PID ${exit.pid})`;
  if (exit.stoppedByUs) {
    return exit.signal === 'SIGKILL'
      ? `${who} was stopped by leakbed, by SIGKILL after it ignored SIGTERM.`
      : `${who} was stopped by leakbed.`;
  }
  if (/JavaScript heap out of memory|FATAL ERROR: .*out of memory/i.test(exit.lastOutput)) {
    return `${who} died out of memory: V8 reached its heap limit (${how(exit)}).`;
  }
  if (exit.signal === 'SIGKILL') {
    if (exit.oomKills !== null && exit.oomKills > 0) {
      return `${who} died out of memory: the kernel killed it at its cgroup's memory limit.`;
    }
    return exit.oomKills === null
      ? `${who} was killed by SIGKILL; whether for memory is unknown, the cgroup does not count.`
      : `${who} was killed by SIGKILL, not for memory: its cgroup counts no such kill.`;
  }
  return `${who} ended by itself: ${how(exit)}.`;
}

function how(exit: Exit): string {
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
}
