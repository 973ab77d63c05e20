// The shipped profiles with the real gateways: installed from their registries, started by leakbed
// and driven by streaming-connections. What cannot be installed here is skipped with the reason.

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'tap';
import type { Verdict } from '../../harness/verdict.ts';
import { install } from '../conformance/clients/install.ts';
import { freshOut, startCommandLine } from '../fixtures/command-line.ts';
import { litellmRecipe, portkeyRecipe } from '../fixtures/gateway-recipes.ts';

const gateways = [
  ['LEAKBED_PORTKEY', portkeyRecipe],
  ['LEAKBED_LITELLM', litellmRecipe],
] as const;

for (const [variable, recipe] of gateways) {
  const installed = await install(recipe);
  const skip = installed.reason ?? false;
  const name = variable.slice('LEAKBED_'.length).toLowerCase();
  test(`${name} is started from its profile and streams through it`, { skip }, async (t) => {
    if (installed.reason !== undefined) return;
    const out = await freshOut(t);
    const words = ['run', 'streaming-connections', '--profile', name, '--json', '--seed', '1'];
    const run = startCommandLine(t, [...words, '--out', out], {
      env: { [variable]: installed.folder },
      limitMs: 400_000,
    });
    const { verdicts } = JSON.parse((await run.ended).stdout) as {
      verdicts: readonly (Verdict & { readonly dir: string })[];
    };
    const dir = verdicts[0]?.dir ?? '';
    const counts = await outcomesOf(join(dir, 'requests.ndjson'));
    t.comment(JSON.stringify({ finding: verdicts[0]?.finding, ...counts }));
    t.ok((counts.ok ?? 0) > 100, 'streams are answered');
    t.ok((counts.error ?? 0) < 0.02 * (counts.ok ?? 0), 'and hardly any fails');
  });
}

async function outcomesOf(file: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { outcome } = JSON.parse(line) as { outcome: string };
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
