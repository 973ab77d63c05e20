// Which resource a finding is about, when several moved. A leaked socket holds memory, and a leaked
// buffer a little heap: the cause is named first, what it drags along after it.

import type { MetricName } from '../series/metrics.ts';
import type { Finding, ResourceFinding } from '../verdict.ts';

/** From this rate on a leaking handle explains the bytes that leak beside it: one in fifty. */
export const handleRate = 0.02;

const order: readonly Finding[] = ['leak', 'undecided', 'bounded', 'clean'];

/** A socket is a descriptor and a handle too, so the narrower name goes first. */
const narrowness: readonly MetricName[] = [
  'socketCount',
  'fdCount',
  'threadCount',
  'taskCount',
  'handleCount',
];

/** Resident memory holds all the others and is noisy: named only when nothing else leaks. */
const residents: ReadonlySet<MetricName> = new Set(['anonBytes', 'rssBytes', 'nativeBytes']);

/** Leaks first, and of those: handles, then bytes by what they retain, then resident memory. */
export function rankResources(resources: readonly ResourceFinding[]): readonly ResourceFinding[] {
  const handleLeaks = resources.filter((r) => r.finding === 'leak' && isHandle(r.metric));
  const fastest = Math.max(0, ...handleLeaks.map(rate));
  const tier = (resource: ResourceFinding): number => {
    if (residents.has(resource.metric)) return 3;
    if (!isHandle(resource.metric)) return 1;
    if (resource.finding !== 'leak') return 2;
    return rate(resource) >= Math.max(handleRate, fastest / 2) ? 0 : 2;
  };
  const keys = new Map(resources.map((r) => [r, [order.indexOf(r.finding), tier(r)] as const]));
  return resources.toSorted((a, b) => {
    const [findingA, tierA] = keys.get(a) ?? [0, 0];
    const [findingB, tierB] = keys.get(b) ?? [0, 0];
    if (findingA !== findingB) return findingA - findingB;
    // What does not leak keeps the order of the catalogue; its rates are noise.
    if (a.finding === 'clean') return 0;
    if (tierA !== tierB) return tierA - tierB;
    return tierA === 0 ? narrow(a) - narrow(b) : rate(b) - rate(a);
  });
}

function isHandle(metric: MetricName): boolean {
  return narrowness.includes(metric);
}

function narrow(resource: ResourceFinding): number {
  return narrowness.indexOf(resource.metric);
}

function rate(resource: ResourceFinding): number {
  return resource.perRequest?.estimate ?? 0;
}
