// `leakbed run --url URL` without --pid: the kernel's tables say which process listens there.

import { readdirSync } from 'node:fs';
import { listenerOf } from '../subjects/listening-ports.ts';
import { sharesNetwork } from '../subjects/process-info.ts';
import { UsageError } from './exit-codes.ts';

/** The lowest PID that listens on the URL's port: a cluster's primary comes before its workers. */
export function servingProcess(url: string): number {
  const { hostname } = new URL(url);
  const name = '--pid PID or -- COMMAND';
  if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) {
    throw new UsageError(
      `Cannot tell which process serves ${url}: ${hostname} is not this machine's loopback. ` +
        `Name it by ${name}.`,
    );
  }
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const visible = pids.map(Number).sort((a, b) => a - b);
  const found = listenerOf(url, visible.filter(sharesNetwork));
  if (found !== undefined) return found;
  throw new UsageError(
    `Cannot find the process that serves ${url}: none that this user may read listens there. ` +
      `Start the gateway first, or name it by ${name}.`,
  );
}
