// What is watched, from outside: a process, a container, or a page of metrics elsewhere. The
// watcher asks it every few seconds; a target that is away is asked again until it is back.

import type { Subject } from '../subjects/subject.ts';

export type WorkUnit = 'requests' | 'cpu_ms' | 'packets';

/** Channels of memory, in bytes; what cannot be read is left out. */
export type Memory = Readonly<Partial<Record<'rss' | 'anon' | 'heap' | 'cgroup', number>>>;

export interface TargetReading {
  /** Of the process that was read; another one, or one that began anew, has another. */
  readonly life: string;
  readonly memory: Memory;
  /** Which of them is judged. */
  readonly channel: keyof Memory;
  /** A counter; it may begin again at zero. */
  readonly work: number;
}

export interface Target extends AsyncDisposable {
  readonly name: string;
  readonly unit: WorkUnit;
  /** Rejects with a sentence while the target is away. */
  read(): Promise<TargetReading>;
  /** Of its memory; null where none is known. */
  limitBytes(): number | null;
  /** What can look inside it for a diagnosis; rejects with why not. */
  open(): Promise<Subject>;
}
