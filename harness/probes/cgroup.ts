// The memory cgroup of the gateway, whatever runs in it: its memory now and at its highest, how
// often it reached its limit, and kills. For a gateway in a container or service of its own; one
// that shares leakbed's cgroup has no figures that would be its own.

import { type CgroupFiles, memoryCgroup, readOrEmpty } from './cgroup-files.ts';
import type { Probe, Reading } from './probe.ts';

export const cgroup: Probe = {
  name: 'cgroup',
  needs: ['cgroup'],
  metrics: ['cgroupBytes', 'cgroupPeakBytes', 'cgroupLimitHits', 'oomKillCount'],
  cost: 'nothing for the gateway; four small files, 0.1 ms, per sample',
  async attach(subject) {
    const files = subject.pid === null ? null : memoryCgroup(subject.pid);
    if (files === null) {
      const why = 'no memory cgroup is mounted here. Run leakbed with /sys/fs/cgroup in sight.';
      throw new Error(`Cannot attach cgroup to ${subject.name}: ${why}`);
    }
    const read = async () => readCgroup(files);
    return { sample: read, level: read, [Symbol.asyncDispose]: async () => {} };
  },
};

/** What the kernel tells; memory.peak is there from Linux 5.19 on. */
export function readCgroup({ version, folder }: Pick<CgroupFiles, 'version' | 'folder'>): Reading {
  const number = (file: string, key = '') => {
    const text = readOrEmpty(`${folder}/${file}`);
    const value = new RegExp(`^${key}(\\d+)$`, 'm').exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const reading =
    version === 1
      ? {
          cgroupBytes: number('memory.usage_in_bytes'),
          cgroupPeakBytes: number('memory.max_usage_in_bytes'),
          cgroupLimitHits: number('memory.failcnt'),
          oomKillCount: number('memory.oom_control', 'oom_kill '),
        }
      : {
          cgroupBytes: number('memory.current'),
          cgroupPeakBytes: number('memory.peak'),
          cgroupLimitHits: number('memory.events', 'max '),
          oomKillCount: number('memory.events', 'oom_kill '),
        };
  return Object.fromEntries(Object.entries(reading).filter(([, value]) => value !== undefined));
}
