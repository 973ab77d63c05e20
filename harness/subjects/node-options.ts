// How a command is given Node options without harm to what merely starts it. A command that is
// node itself gets them as arguments, with the inspector open from the start. Anything else (npm,
// npx, a shell script) passes NODE_OPTIONS on to every Node process below it, wrappers included:
// those get --inspect-port only, which opens nothing, and the one process that serves the API is
// told to open its inspector by SIGUSR1 later.

import { basename } from 'node:path';

export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function withNodeOptions(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  options: { readonly inspect: boolean; readonly nodeArgs: readonly string[] },
): CommandLine {
  const [file, ...args] = command;
  if (/^node(js)?(\.exe)?$/.test(basename(file))) {
    const inspect = options.inspect ? ['--inspect=127.0.0.1:0'] : [];
    return { file, args: [...inspect, ...options.nodeArgs, ...args], env };
  }
  const port = options.inspect ? ['--inspect-port=127.0.0.1:0'] : [];
  const words = [env.NODE_OPTIONS ?? '', ...port, ...options.nodeArgs.map(quoted)];
  const nodeOptions = words.filter((word) => word !== '').join(' ');
  return { file, args, env: nodeOptions === '' ? env : { ...env, NODE_OPTIONS: nodeOptions } };
}

/** NODE_OPTIONS splits at spaces, except in double quotes. */
function quoted(word: string): string {
  return /[\s"]/.test(word) ? `"${word.replace(/(["\\])/g, '\\$1')}"` : word;
}
