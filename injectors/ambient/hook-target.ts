// What the billing hook is to wrap, and the source text that puts the gate there. Pure text, so
// both module systems can be tested apart from the loader.
//
//   module#export, module#Class.prototype.method   a function of a module of the gateway
//   event:NAME                                     every listener for an event, of any emitter
//   bullmq:QUEUE                                   the processor of the queue's BullMQ workers

/** A function of a module. */
export interface HookTarget {
  readonly kind: 'function';
  /** End of the module's path, beginning with a slash. */
  readonly pathEnd: string;
  readonly exportName: string;
  /** Set when the function is a method of the exported class. */
  readonly method: string | undefined;
}

export type Hook =
  | HookTarget
  | { readonly kind: 'event'; readonly event: string }
  | { readonly kind: 'bullmq'; readonly queue: string };

const shape = /^\/?([^#]+)#([A-Za-z_$][\w$]*)(?:\.prototype\.([A-Za-z_$][\w$]*))?$/;

export function parseHook(words: string): Hook {
  const named = /^(event|bullmq):(.+)$/.exec(words);
  if (named?.[1] === 'event') return { kind: 'event', event: `${named[2]}` };
  if (named?.[1] === 'bullmq') return { kind: 'bullmq', queue: `${named[2]}` };
  return parseHookTarget(words);
}

export function parseHookTarget(words: string): HookTarget {
  const match = shape.exec(words);
  if (match === null) {
    throw new RangeError(
      `Cannot hook billing at "${words}": it must be <end of path>#<export>, ` +
        '<end of path>#<Class>.prototype.<method>, event:<name> or bullmq:<queue>.',
    );
  }
  return {
    kind: 'function',
    pathEnd: `/${match[1]}`,
    exportName: `${match[2]}`,
    method: match[3],
  };
}

/** A module that stands in for the original and exports all it does, the one function gated. */
export function moduleFacade(target: HookTarget, original: string, hook: string): string {
  const name = JSON.stringify(printTarget(target));
  const lines = [
    `import * as original from ${JSON.stringify(original)};`,
    `import { gated } from ${JSON.stringify(hook)};`,
    `export * from ${JSON.stringify(original)};`,
  ];
  if (target.method !== undefined) {
    const owner = `original.${target.exportName}.prototype`;
    lines.push(
      `${owner}.${target.method} = gated(${owner}.${target.method}, ${name});`,
      'export default original.default;',
    );
  } else if (target.exportName === 'default') {
    lines.push(`export default gated(original.default, ${name});`);
  } else {
    lines.push(
      `const replaced = gated(original.${target.exportName}, ${name});`,
      `export { replaced as ${target.exportName} };`,
      'export default original.default;',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** What follows the last line of a CommonJS module, so its own lines keep their numbers. */
export const commonjsTail =
  "\n;module.exports = globalThis[Symbol.for('leakbed.gateCommonjs')](module.exports);\n";

/** The target's own spelling, for messages. */
export function printTarget({ pathEnd, exportName, method }: HookTarget): string {
  const suffix = method === undefined ? '' : `.prototype.${method}`;
  return `${pathEnd.slice(1)}#${exportName}${suffix}`;
}
