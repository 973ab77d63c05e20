// Writes a judged run's reports beside its record.

import { writeFile } from 'node:fs/promises';
import { writeReport } from '../record-store.ts';
import { htmlReport } from '../reports/html.ts';
import { junitReport } from '../reports/junit.ts';
import type { JudgedRun } from '../reports/reporter.ts';
import { verdictJson } from '../reports/verdict-json.ts';

/** A folder that cannot be written any more costs the files, not the verdict. */
export async function saveReports(run: JudgedRun & { readonly dir: string }): Promise<void> {
  const files = {
    'verdict.json': verdictJson(run.verdict),
    'report.html': htmlReport([run]),
    'junit.xml': junitReport([run]),
  } as const;
  for (const [name, text] of Object.entries(files)) {
    await writeReport(run.dir, name, text).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      console.error(`leakbed: Cannot write ${name} to ${run.dir}: ${why}`);
    });
  }
}

/** A file named by a flag: when it cannot be written, that is told and the run goes on. */
export async function writeOrSay(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    console.error(
      `leakbed: Cannot write ${file}: ${error instanceof Error ? error.message : error}`,
    );
  });
}
