// Versions for --version and for the record of a run.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export function leakbedVersion(): string {
  // Sources lie two folders below package.json, the build three.
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8');
      const { name, version } = JSON.parse(text) as { name?: string; version?: string };
      if (name === 'leakbed' && version !== undefined) return version;
    } catch {
      // The other place has it.
    }
  }
  return 'unknown';
}

const recorded = ['@aws-sdk/client-bedrock-runtime', '@google-cloud/aiplatform', 'undici'];

/** What a memory figure depends on. */
export function versions(): Readonly<Record<string, string>> {
  const require = createRequire(import.meta.url);
  const packages = recorded.map((name) => [name, packageVersion(require, name)] as const);
  return {
    leakbed: leakbedVersion(),
    node: process.versions.node,
    v8: process.versions.v8,
    ...Object.fromEntries(packages),
  };
}

function packageVersion(require: NodeJS.Require, name: string): string {
  try {
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch {
    return 'unknown';
  }
}
