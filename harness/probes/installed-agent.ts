// A function of ours put into a Node process through the inspector: its source text is evaluated
// there, what it returns stays there, and its methods are called from here. It lives as long as
// the client's session holds it.

import { type InspectorClient, resultValue } from './inspector-client.ts';

export interface InstalledAgent {
  /** Calls a method with plain values; the answer is copied. */
  call(method: string, args?: readonly (string | number)[]): Promise<unknown>;
}

export async function installAgent<const Args extends readonly (string | number)[]>(
  client: InspectorClient,
  install: (...args: Args) => object,
  args: Args,
): Promise<InstalledAgent> {
  const given = args.map((value) => JSON.stringify(value)).join(', ');
  // The name of the file is what profiles and snapshots show for what it allocates.
  const source = `//# sourceURL=leakbed/${install.name}`;
  const answer = await client.send('Runtime.evaluate', {
    expression: `(${install.toString()})(${given})\n${source}`,
    silent: true,
  });
  resultValue(answer);
  const { objectId } = (answer.result ?? {}) as { objectId?: unknown };
  if (typeof objectId !== 'string') {
    throw new Error(`Cannot put ${install.name} into the target: nothing came back.`);
  }
  return {
    async call(method, values = []) {
      const answer = await client.send('Runtime.callFunctionOn', {
        objectId,
        functionDeclaration: `function (...values) { return this.${method}(...values) }`,
        arguments: values.map((value) => ({ value })),
        returnByValue: true,
        silent: true,
      });
      return resultValue(answer);
    },
  };
}
