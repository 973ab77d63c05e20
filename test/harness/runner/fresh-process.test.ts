// Each scenario meets a gateway that leakbed starts as a fresh process, and one that ran before as the
// same. What the gateway wrote is kept beside the record, without its secrets.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { silent } from '../../../harness/progress.ts';
import { controlClient } from '../../../harness/runner/control-client.ts';
import { runScenario } from '../../../harness/runner/run-scenario.ts';
import type { Scenario } from '../../../harness/scenario.ts';
import type { GatewayChoice } from '../../../harness/subjects/gateway.ts';
import { startMocks } from '../../../mocks/server.ts';
import { freshOut } from '../../fixtures/command-line.ts';
import { leakyAppPath, startLeakyApp } from '../../fixtures/leaky-subject.ts';

const rest: Scenario = {
  id: 'rest',
  title: 'One look',
  covers: [],
  description: 'One look.',
  expectation: 'There is something to be seen.',
  needs: ['procfs'],
  phases: () => [{ kind: 'rest', name: 'rest', title: 'one look', seconds: 0.1, levelCount: 1 }],
  checkers: () => [],
};

async function runTwice(t: Test, gateway: GatewayChoice) {
  await using mocks = await startMocks({ port: 0, seed: 1 });
  const out = await freshOut(t);
  const runOnce = async () => {
    const { dir, record } = await runScenario({
      scenario: rest,
      scale: 'smoke',
      seed: 1,
      out,
      gateway,
      control: controlClient(mocks.url, undefined),
      environment: {},
      token: undefined,
      apiKey: 'leakbed',
      command: 'npx leakbed run rest',
      versions: {},
      signal: AbortSignal.timeout(60_000),
      progress: silent,
    });
    return { dir, pid: record.header.gateway.pid };
  };
  return [await runOnce(), await runOnce()] as const;
}

test('a command is started anew for each scenario, and its output kept', async (t) => {
  const says = `console.log("API_KEY=sk-0123456789abcdef01"); await import("${leakyAppPath}")`;
  const command = [process.execPath, '--input-type=module', '-e', says] as const;
  const [first, second] = await runTwice(t, {
    kind: 'command',
    command: [...command],
    url: undefined,
  });
  t.type(first.pid, 'number');
  t.not(first.pid, second.pid);
  const log = await readFile(join(first.dir, 'gateway.log'), 'utf8');
  t.match(log, '{"url":');
  t.match(log, 'API_KEY=[redacted]');
});

test('a gateway that runs already is the same for both', async (t) => {
  const app = await startLeakyApp(t);
  const [first, second] = await runTwice(t, { kind: 'pid', pid: app.pid ?? 0, url: app.url });
  t.equal(first.pid, app.pid);
  t.equal(second.pid, app.pid);
});
