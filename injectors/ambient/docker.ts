// Docker's command line, for what acts on a container and for what looks at one. No client library:
// the command finds its engine, context and rights as the user is used to.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const answerLimitMs = 30_000;

/** Runs one Docker command and gives its standard output; tests may bring their own. */
export type Docker = (args: readonly string[]) => Promise<string>;

export const dockerCommand: Docker = async (args) => {
  try {
    const { stdout } = await promisify(execFile)('docker', [...args], { timeout: answerLimitMs });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(
      `Cannot run "docker ${args.join(' ')}": ${(stderr || message).trim()}. ` +
        'Is the container running, and may this user speak to the engine?',
    );
  }
};
