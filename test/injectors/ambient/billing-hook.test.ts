// The hook in a real child process with a real control plane, in both module systems.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Test, test } from 'tap';
import { type ControlPlane, startControlPlane } from '../../fixtures/control-plane.ts';

const hook = fileURLToPath(new URL('../../../injectors/ambient/billing-hook.ts', import.meta.url));
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/billing/${name}`, import.meta.url));

interface Caller {
  readonly child: ChildProcessWithoutNullStreams;
  call(event: string): void;
  nextLine(): Promise<string | undefined>;
}

async function startCaller(t: Test, control: ControlPlane, file: string, target: string) {
  const child = spawn(process.execPath, ['--import', hook, fixture('caller.mjs'), fixture(file)], {
    env: {
      ...process.env,
      LEAKBED_BILLING_HOOK: target,
      LEAKBED_CONTROL: control.url,
      LEAKBED_TOKEN: 'secret',
    },
  });
  t.teardown(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const caller: Caller = {
    child,
    call: (event) => void child.stdin.write(`${event}\n`),
    nextLine: async () => (await lines.next()).value,
  };
  t.equal(await caller.nextLine(), 'ready kept', 'other exports are untouched');
  return caller;
}

const targets = [
  ['esm-consumer.mjs', 'billing/esm-consumer.mjs#consume'],
  ['commonjs-consumer.cjs', 'billing/commonjs-consumer.cjs#consume'],
  ['class-consumer.mjs', '/class-consumer.mjs#Worker.prototype.consume'],
  ['emitter-consumer.mjs', 'event:usage'],
  ['untyped-consumer.cjs', 'untyped/consumer.js#consume'],
] as const;

for (const [file, target] of targets) {
  test(`a stuck consumer of ${target} holds its calls and gives them on when healed`, async (t) => {
    const control = await startControlPlane();
    t.teardown(control.close);
    const caller = await startCaller(t, control, file, target);
    caller.call('a');
    t.equal(await caller.nextLine(), 'billed a', 'a healthy consumer is untouched');
    t.match(await control.set('stuck'), { calls: 1, waiting: 0 });
    caller.call('b');
    caller.call('c');
    // A switch from stuck to stuck reports what waits without letting it through.
    let waiting = 0;
    while (waiting < 2) ({ waiting } = await control.set('stuck'));
    await control.set('pass');
    t.same([await caller.nextLine(), await caller.nextLine()], ['billed b', 'billed c']);
    t.match(await control.set('pass'), { calls: 3, waiting: 0 });
  });
}

test('a consumer told to fail fails every call, and works again when healed', async (t) => {
  const control = await startControlPlane();
  t.teardown(control.close);
  const caller = await startCaller(t, control, targets[0][0], targets[0][1]);
  await control.set('error');
  caller.call('a');
  t.match(`${await caller.nextLine()}`, /^failed leakbed fault billing-stall/);
  await control.set('pass');
  caller.call('b');
  t.equal(await caller.nextLine(), 'billed b');
  t.ok(
    control.tokens.every((token) => token === 'Bearer secret'),
    'every request is authorized',
  );
});

test('listeners behind the hook can be taken off, and `once` is called once', async (t) => {
  const control = await startControlPlane();
  t.teardown(control.close);
  const caller = await startCaller(t, control, 'emitter-consumer.mjs', 'event:usage');
  caller.call('listeners');
  t.equal(await caller.nextLine(), 'billed once, then 1 listener');
});

test('a pending poll does not keep a finished gateway alive', async (t) => {
  const control = await startControlPlane();
  t.teardown(control.close);
  const { child } = await startCaller(t, control, targets[0][0], targets[0][1]);
  await control.set('pass');
  const exited = once(child, 'exit');
  child.stdin.end();
  t.same((await exited).at(0), 0);
});

const refusals = [
  ['a missing target', {}, /LEAKBED_BILLING_HOOK .* must both be set/],
  ['words that are no target', { LEAKBED_BILLING_HOOK: 'x' }, /Cannot hook billing at "x"/],
  [
    'an export that does not exist',
    { LEAKBED_BILLING_HOOK: 'esm-consumer.mjs#absent' },
    /exports no such function/,
  ],
] as const;

for (const [what, env, message] of refusals) {
  test(`${what} ends the start with a sentence that says so`, async (t) => {
    const args = ['--import', hook, fixture('caller.mjs'), fixture('esm-consumer.mjs')];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, LEAKBED_CONTROL: 'http://127.0.0.1:9', ...env },
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    t.equal(code, 1);
    t.match(said, message);
  });
}
