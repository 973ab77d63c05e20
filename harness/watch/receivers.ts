// Who is told of an alert: a command (the alert as JSON on its standard input), a webhook (as the
// body of a POST), an Alertmanager. Each delivery has an end; one that failed is tried again.
// Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml (postAlerts).

import { spawn } from 'node:child_process';
import { request } from 'undici';
import { sleep, within } from '../../injectors/determinism.ts';
import type { Alert } from './alert.ts';

export type ReceiverKind = 'command' | 'webhook' | 'alertmanager';

export interface Receiver {
  readonly kind: ReceiverKind;
  /** As the user named it. */
  readonly where: string;
  /** Rejects with why it was not taken, tries included. */
  deliver(alert: Alert): Promise<void>;
}

export interface DeliveryLimits {
  readonly tries: number;
  readonly limitMs: number;
  /** Before the second try; twice as long before each further one. */
  readonly pauseMs: number;
}

const usualLimits: DeliveryLimits = { tries: 4, limitMs: 15_000, pauseMs: 1000 };
/** An Alertmanager forgets after some minutes what it is not told again (`resolve_timeout`). */
export const repeatMs = 60_000;

/** A URL that ends in /api/v2/alerts is an Alertmanager's, another a webhook; else a command. */
export function receiverOf(where: string, limits: DeliveryLimits = usualLimits): Receiver {
  const isUrl = /^https?:\/\//.test(where);
  const kind = !isUrl ? 'command' : isAlertmanager(where) ? 'alertmanager' : 'webhook';
  const once = {
    command: (alert: Alert) => runCommand(where, alert, limits.limitMs),
    webhook: (alert: Alert) => post(where, alert, limits.limitMs),
    alertmanager: (alert: Alert) => post(where, [forAlertmanager(alert)], limits.limitMs),
  }[kind];
  return {
    kind,
    where,
    async deliver(alert) {
      for (let tried = 1; ; tried++) {
        try {
          return await once(alert);
        } catch (error) {
          if (tried >= limits.tries) throw error;
          await sleep(limits.pauseMs * 2 ** (tried - 1));
        }
      }
    },
  };
}

const isAlertmanager = (url: string) => /\/api\/v2\/alerts$/.test(new URL(url).pathname);

/** Same labels, same alert: so nothing in them may change while it lasts. */
export function forAlertmanager(alert: Alert) {
  const { target, channel, reason, suspects, startsAt, endsAt } = alert;
  const [first] = suspects;
  return {
    labels: { alertname: 'LeakbedTargetLeaks', severity: 'critical', target, channel },
    annotations: {
      summary: `${target} leaks memory`,
      description: reason,
      ...(first && { suspect: `${first.name} (${first.file}:${first.line})` }),
    },
    startsAt,
    ...(endsAt !== null && { endsAt }),
  };
}

async function post(url: string, body: unknown, limitMs: number): Promise<void> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    headersTimeout: limitMs,
    bodyTimeout: limitMs,
    reset: true,
  });
  const text = (await answer.body.text()).slice(0, 200);
  if (answer.statusCode < 300) return;
  throw new Error(`Cannot deliver the alert to ${url}: status ${answer.statusCode}: ${text}`);
}

async function runCommand(command: string, alert: Alert, limitMs: number): Promise<void> {
  const child = spawn('sh', ['-c', command], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = Promise.withResolvers<number | string>();
  child.once('error', ended.reject);
  child.once('exit', (code, signal) => ended.resolve(code ?? signal ?? 'nothing'));
  // A command that does not read what it is told closes the pipe.
  child.stdin.once('error', () => undefined);
  child.stdin.end(`${JSON.stringify(alert)}\n`);
  try {
    const late = `Cannot deliver the alert to "${command}": it still ran after ${limitMs} ms.`;
    const code = await within(limitMs, late, ended.promise);
    if (code !== 0) throw new Error(`Cannot deliver the alert to "${command}": exit code ${code}.`);
  } finally {
    child.kill('SIGKILL');
  }
}
