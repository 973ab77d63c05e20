// Preload for an unmodified Node gateway: `node --import …/billing-hook.ts gateway.js` puts the
// billing gate around the consumer, before anything imports it.
//
//   LEAKBED_BILLING_HOOK  billing/consume.ts#consume, …#Queue.prototype.consume, event:usage,
//                         or bullmq:billing (hook-target.ts)
//   LEAKBED_CONTROL       http://host:port of the control plane; LEAKBED_TOKEN if it wants one
//
// Source: https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions

import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { createBillingGate } from './billing-gate.ts';
import { followSwitch } from './billing-remote.ts';
import { gateListeners, wrapOnlyQueue } from './gated-consumers.ts';
import {
  commonjsTail,
  type Hook,
  type HookTarget,
  moduleFacade,
  parseHook,
  parseHookTarget,
  printTarget,
} from './hook-target.ts';

const mark = 'leakbed-original';
/** BullMQ's one place where a worker calls its processor, in both of its builds (4 to 6). */
const bullmqWorkers = ['esm', 'cjs'].map((build) =>
  parseHookTarget(`bullmq/dist/${build}/classes/worker.js#Worker.prototype.callProcessJob`),
);
const gate = createBillingGate();
let isFollowing = false;

const hook = readHook();

/** Called by the facade when the gateway loads its consumer: only then is there a switch. */
export function gated(original: unknown, name: string): unknown {
  if (typeof original !== 'function') {
    throw new TypeError(`Cannot hook billing at "${name}": the module exports no such function.`);
  }
  follow();
  const wrapped = gate.wrap(original as Parameters<typeof gate.wrap>[0]);
  return hook.kind === 'bullmq' ? wrapOnlyQueue(hook.queue, original, wrapped) : wrapped;
}

function follow(): void {
  if (isFollowing) return;
  isFollowing = true;
  const { LEAKBED_CONTROL, LEAKBED_TOKEN } = process.env;
  const control = new URL(`${LEAKBED_CONTROL}`);
  void followSwitch(gate, { control, token: LEAKBED_TOKEN, place: 'hook' });
}

if (hook.kind === 'event') gateListeners(hook.event, gate, follow);
else install(hook.kind === 'bullmq' ? bullmqWorkers : [hook]);

function readHook(): Hook {
  const { LEAKBED_BILLING_HOOK: words, LEAKBED_CONTROL: control } = process.env;
  if (words === undefined || !URL.canParse(`${control}`)) {
    throw new Error(
      'Cannot hook billing: LEAKBED_BILLING_HOOK (module#export, event:NAME or bullmq:QUEUE) and ' +
        'LEAKBED_CONTROL (http://host:port) must both be set.',
    );
  }
  if (nodeModule.registerHooks === undefined) {
    throw new Error(
      `Cannot hook billing: Node ${process.version} has no module.registerHooks. ` +
        'Run the gateway on Node 22.15, 23.5 or later.',
    );
  }
  return parseHook(words);
}

function install(targets: readonly HookTarget[]): void {
  const [first] = targets;
  if (first === undefined) return;
  // CommonJS source cannot import, so it finds the gate under a registered symbol. What is gated
  // is the same in all targets; only the module's path differs.
  Object.defineProperty(globalThis, Symbol.for('leakbed.gateCommonjs'), {
    value: (exported: Record<string, unknown>) => gateCommonjs(first, exported),
  });
  nodeModule.registerHooks({
    load(url, context, nextLoad) {
      const { protocol, pathname, searchParams } = new URL(url);
      const path = protocol === 'file:' ? decodeURI(pathname) : '';
      const target = targets.find(({ pathEnd }) => path.endsWith(pathEnd));
      if (target === undefined || searchParams.has(mark)) return nextLoad(url, context);
      const loaded = nextLoad(url, context);
      const text = () => decode(loaded.source ?? readFileSync(fileURLToPath(url)));
      // Node names no format where package.json has no "type": it would find out by the source.
      const format = loaded.format ?? (isModule(text()) ? 'module' : 'commonjs');
      if (format.startsWith('commonjs')) {
        return { ...loaded, format, source: `${text()}${commonjsTail}` };
      }
      const original = new URL(url);
      original.searchParams.set(mark, '');
      const source = moduleFacade(target, original.href, import.meta.url);
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

/** Compilers define exports as fixed getters, which only a copy of the exports can replace. */
function gateCommonjs(target: HookTarget, exported: Record<string, unknown>): object {
  const name = printTarget(target);
  if (target.method !== undefined) {
    const { prototype } = exported[target.exportName] as { prototype: Record<string, unknown> };
    prototype[target.method] = gated(prototype[target.method], name);
    return exported;
  }
  const value = gated(exported[target.exportName], name);
  const replaced = { value, enumerable: true, configurable: true, writable: true };
  const current = Object.getOwnPropertyDescriptor(exported, target.exportName);
  if (current?.configurable === true) {
    return Object.defineProperty(exported, target.exportName, replaced);
  }
  const copied = Object.getOwnPropertyDescriptors(exported);
  return Object.defineProperties({}, { ...copied, [target.exportName]: replaced });
}

const isModule = (source: string) => /^\s*(?:import|export)\b(?!\s*\()/m.test(source);

function decode(source: string | ArrayBufferView | ArrayBuffer): string {
  return typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
}
