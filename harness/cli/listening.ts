// What the commands share that serve until Ctrl-C.

import { UsageError } from './exit-codes.ts';

/** A taken port and a bad plan are the user's to mend, so they get one sentence. */
export async function listening<T>(
  {
    host = '127.0.0.1',
    port,
  }: { readonly host?: string | undefined; readonly port?: number | undefined },
  started: Promise<T>,
  flags = { port: '--port', address: '--host and --port' },
): Promise<T> {
  try {
    return await started;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const where = `${host}:${port}`;
    if (code === 'EADDRINUSE') {
      throw new UsageError(
        `Cannot listen on ${where}: the port is in use. Choose another with ${flags.port}, or ${flags.port} 0.`,
        { cause: error },
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new UsageError(
        `Cannot listen on ${where}: ${code}. Choose another with ${flags.address}.`,
        { cause: error },
      );
    }
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  return promise;
}
