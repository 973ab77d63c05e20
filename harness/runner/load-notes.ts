// What is kept of a stretch of load: every request as a row, and a warning where the load was not
// what was asked for.

import type { LoadReport } from '../load/load.ts';
import type { RequestRow } from '../record.ts';
import type { RunContext } from './context.ts';

export function keep(row: RequestRow, context: RunContext): void {
  context.answered.count += 1;
  // The store bounds its own buffer, so the row is not awaited here.
  void context.store.request(row);
}

export function noteLoad(report: LoadReport, context: RunContext): void {
  const { droppedCount, startedCount } = report;
  if (droppedCount > 0) {
    const droppedShare = droppedCount / (droppedCount + startedCount);
    const mark = context.phases.pop();
    if (mark !== undefined) context.phases.push({ ...mark, droppedShare });
    context.warn(
      `The load fell behind: ${droppedCount} of ${droppedCount + startedCount} arrivals were ` +
        'dropped. Latency and rates of this phase are those of a lower load.',
    );
  }
  if (report.unfinishedCount > 0) {
    context.warn(`${report.unfinishedCount} requests could not be brought to an end.`);
  }
}
