// Finds the V8 inspector of a running process, and opens it where it is shut. A Node process opens
// it on SIGUSR1 (11-30 ms, +0.2 MB), on 127.0.0.1:9229 unless --inspect-port says otherwise; any
// other process would be killed by that signal, so the signal is sent only where the executable is
// Node and the kernel says that the signal has a handler.
// Source: https://nodejs.org/en/learn/getting-started/debugging

import { constants } from 'node:os';
import { request } from 'undici';
import { systemClock as clock, sleep } from '../../injectors/determinism.ts';
import { listeningPorts } from './listening-ports.ts';
import { detectRuntime, executableName, handlesSignal, sharesNetwork } from './process-info.ts';

export type InspectorDoor =
  | { readonly url: string; readonly openedByUs: boolean }
  | { readonly url: null; readonly missing: string };

const openTimeoutMs = 3_000;
const pollMs = 10;

export interface DoorOptions {
  /** Ports that belong to the API and must not be asked whether they are an inspector. */
  readonly apiPorts: readonly number[];
  /** Whether SIGUSR1 may be sent; without it only an open inspector is found. */
  readonly mayOpen: boolean;
}

export async function openInspector(pid: number, options: DoorOptions): Promise<InspectorDoor> {
  if (!sharesNetwork(pid)) {
    return shut(
      `PID ${pid} is in another network namespace, so its inspector on 127.0.0.1 is out of reach`,
      'Run leakbed in the same one (docker: network_mode "service:NAME").',
    );
  }
  const found = await findInspector(pid, options.apiPorts);
  if (found !== null) return { url: found, openedByUs: false };
  const refusal = whyNotOpen(pid, options.mayOpen);
  if (refusal !== null) return refusal;
  process.kill(pid, 'SIGUSR1');
  const startMs = clock.nowMs();
  while (clock.nowMs() - startMs < openTimeoutMs) {
    await sleep(pollMs);
    const opened = await findInspector(pid, options.apiPorts);
    if (opened !== null) return { url: opened, openedByUs: true };
  }
  return shut(
    `PID ${pid} got SIGUSR1 but opened no inspector within ${openTimeoutMs} ms`,
    'Is port 9229 taken, or the process stopped? Start it with --inspect=127.0.0.1:0.',
  );
}

/** WebSocket address of an inspector that already listens, or null. */
export async function findInspector(
  pid: number,
  apiPorts: readonly number[],
): Promise<string | null> {
  const candidates = listeningPorts(pid).filter((port) => !apiPorts.includes(port));
  // The default port first: it needs the fewest questions to the process's other ports.
  for (const port of candidates.sort((a, b) => Number(b === 9229) - Number(a === 9229))) {
    const url = await debuggerUrl(port);
    if (url !== null) return url;
  }
  return null;
}

function whyNotOpen(pid: number, mayOpen: boolean): InspectorDoor | null {
  const runtime = detectRuntime(pid);
  if (runtime !== 'node') {
    return shut(
      `PID ${pid} runs ${executableName(pid)}, which has no V8 inspector that leakbed can open`,
      'Only Node has one; memory is measured from outside.',
    );
  }
  const restart = 'Start it with --inspect=127.0.0.1:0.';
  if (!mayOpen) return shut(`the inspector of PID ${pid} is not open`, restart);
  if (!handlesSignal(pid, constants.signals.SIGUSR1)) {
    return shut(`PID ${pid} would die of SIGUSR1, as it runs with --disable-sigusr1`, restart);
  }
  return null;
}

async function debuggerUrl(port: number): Promise<string | null> {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/json/list`, {
      headersTimeout: 1_000,
      bodyTimeout: 1_000,
      reset: true,
    });
    if (statusCode !== 200) {
      await body.dump();
      return null;
    }
    const list: unknown = await body.json();
    const first: unknown = Array.isArray(list) ? list[0] : null;
    if (typeof first !== 'object' || first === null) return null;
    if (!('webSocketDebuggerUrl' in first)) return null;
    const url = first.webSocketDebuggerUrl;
    return typeof url === 'string' && url.startsWith('ws://') ? url : null;
  } catch {
    // Not HTTP, or not an inspector: the next port is asked.
    return null;
  }
}

function shut(reason: string, remedy: string): InspectorDoor {
  return { url: null, missing: `${reason}. ${remedy}` };
}
