// The stall of a container with a real engine: a container that counts is paused and goes on, is
// taken off its network and is back under its name.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Test, test } from 'tap';
import { createContainerStall } from '../../injectors/ambient/billing-container.ts';
import { sleep, systemClock } from '../../injectors/determinism.ts';
import { docker, withoutImage } from '../fixtures/docker.ts';

const image = 'debian:bookworm-slim';

const skip = withoutImage(image);

function startContainer(t: Test) {
  const name = `leakbed-stall-${process.pid}`;
  docker('network', 'create', name);
  t.teardown(() => docker('network', 'rm', name));
  docker(
    'run',
    '-d',
    '--name',
    name,
    '--network',
    name,
    '--network-alias',
    'ledger',
    image,
    'sleep',
    '600',
  );
  t.teardown(() => docker('rm', '-f', name));
  const look = (format: string) => docker('inspect', '--format', format, name).trim();
  return {
    name,
    isPaused: () => look('{{.State.Paused}}') === 'true',
    networks: () => look('{{json .NetworkSettings.Networks}}'),
  };
}

test('a container is paused, cut off, and healed as it was', { skip }, async (t) => {
  const container = startContainer(t);
  const stall = createContainerStall(container.name, systemClock);
  await stall.set({ mode: 'stuck', delayMs: 0, nth: 1 });
  t.equal(container.isPaused(), true);
  await stall.set({ mode: 'error', delayMs: 0, nth: 1 });
  t.equal(container.isPaused(), false, 'one mode at a time');
  t.notMatch(container.networks(), container.name);
  await stall.set({ mode: 'pass', delayMs: 0, nth: 1 });
  t.match(container.networks(), container.name);
  t.match(container.networks(), '"ledger"', 'under the name others know it by');
});

test('a stall whose process is killed is undone', { skip }, async (t) => {
  const container = startContainer(t);
  const own = new URL('../../injectors/', import.meta.url);
  for (const mode of ['stuck', 'error']) {
    const program = `
      import { createContainerStall } from '${own}ambient/billing-container.ts';
      import { sleep, systemClock } from '${own}determinism.ts';
      const stall = createContainerStall('${container.name}', systemClock);
      await stall.set({ mode: '${mode}', delayMs: 0, nth: 1 });
      console.log('in force');
      setInterval(() => {}, 1000);`;
    const words = ['--input-type=module-typescript', '--eval', program];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const isHealed = () => !container.isPaused() && container.networks().includes('"ledger"');
    t.notOk(isHealed(), mode);
    child.kill('SIGKILL');
    for (let tries = 0; tries < 100 && !isHealed(); tries++) await sleep(100);
    t.ok(isHealed(), `${mode}: as it was`);
  }
});

test('a container that is not there is told by name', { skip }, async (t) => {
  const stall = createContainerStall('leakbed-nobody', systemClock);
  const stuck = Promise.resolve(stall.set({ mode: 'stuck', delayMs: 0, nth: 1 }));
  await t.rejects(stuck, /Cannot run "docker pause leakbed-nobody"/);
});
