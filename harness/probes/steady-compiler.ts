// Switches V8's optimizing compilers off in a running process, so that compiled code and type
// feedback stop moving the live heap, and on again afterwards. Code compiled before stays.
// Source: https://nodejs.org/api/v8.html#v8setflagsfromstringflags

import type { InspectorClient } from './inspector-client.ts';

/** Returns what puts the flags back to the defaults of the target's Node version. */
export async function steadyCompiler(client: InspectorClient): Promise<() => Promise<void>> {
  await client.evaluate(setFlags('--no-opt', '--no-maglev'));
  // Maglev is on by default from Node 24 on; in 22 and 20 it must stay off.
  const major = await client.evaluate('Number(process.versions.node.split(".")[0])');
  const flags = typeof major === 'number' && major >= 24 ? ['--opt', '--maglev'] : ['--opt'];
  return async () => void (await client.evaluate(setFlags(...flags)));
}

function setFlags(...flags: readonly string[]): string {
  return `(() => {
    const load = process.getBuiltinModule;
    if (load === undefined) throw new Error("V8 flags need Node 20.16 or 22.3 in the gateway");
    for (const flag of ${JSON.stringify(flags)}) load("node:v8").setFlagsFromString(flag);
  })()`;
}
