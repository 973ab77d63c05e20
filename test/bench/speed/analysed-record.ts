// Reads the run in a folder, judges it and renders its report, in a process of its own: one line of
// JSON says how long each kept the thread busy and what the process held at its peak.
//   node analysed-record.ts FOLDER

import { judgeFolder } from '../../../harness/cli/judge-folder.ts';
import { htmlReport } from '../../../harness/reports/html.ts';

/** Of this thread alone: what else the machine does falls on none of it. */
const busyMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const startedMs = busyMs();
const run = await judgeFolder(process.argv[2] ?? '');
const judgedMs = busyMs();
const judgedPeakKiB = process.resourceUsage().maxRSS;
const html = htmlReport([run]);
process.stdout.write(
  JSON.stringify({
    analysisMs: judgedMs - startedMs,
    reportMs: busyMs() - judgedMs,
    peakMiB: judgedPeakKiB / 1024,
    reportBytes: Buffer.byteLength(html),
    sampleCount: run.record.samples.length,
  }),
);
