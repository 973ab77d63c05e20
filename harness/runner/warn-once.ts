// Trouble of a run as its user is told it and its record keeps it.

import type { Progress } from '../progress.ts';
import type { RecordStore } from '../record-store.ts';

/** The same trouble is told and recorded once. */
export function warnOnce(store: RecordStore, progress: Progress): (text: string) => void {
  const warnings: string[] = [...(store.earlier?.warnings ?? [])];
  return (text) => {
    if (warnings.includes(text)) return;
    warnings.push(text);
    progress.warn(text);
    void store.update({ warnings: [...warnings] });
  };
}
