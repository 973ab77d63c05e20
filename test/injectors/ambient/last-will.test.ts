// What is left to do is done even when this side is killed: here another process takes it on, is
// ended by SIGKILL, and what it had paused and limited goes on as before.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'tap';
import { sleep } from '../../../injectors/determinism.ts';
import { limitOf, startVictim, untilState } from '../../fixtures/disturbed-process.ts';

const module = (path: string) => new URL(`../../../injectors/${path}.ts`, import.meta.url).href;

test('a paused and limited process is free again when leakbed is killed', async (t) => {
  const { pid } = await startVictim(t);
  const program = `
    const { memoryPressure } = await import('${module('ambient/memory-pressure')}');
    const { pause } = await import('${module('ambient/pause')}');
    const { systemClock } = await import('${module('determinism')}');
    const target = { pid: () => ${pid}, cgroup: null };
    const context = { target, clock: systemClock, signal: AbortSignal.timeout(60000), note() {} };
    await memoryPressure.bind({ every: '1m' }).fault.disrupt(context);
    await pause.bind({ for: '1m' }).fault.disrupt(context);
    console.log('done');
    setInterval(() => {}, 1000);
  `;
  const args = ['--input-type=module', '-e', program];
  const culprit = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(culprit.stdout, 'data');
  await untilState(pid, /T/);
  t.ok(limitOf(pid, 'data size') < Infinity);
  culprit.kill('SIGKILL');
  await untilState(pid, /[RS]/);
  while (limitOf(pid, 'data size') < Infinity) await sleep(10);
  t.equal(limitOf(pid, 'data size'), Infinity);
});
