// Which probes can see a gateway. One that cannot says why, once for all that lack the same; and a
// scenario without what it needs is not begun.

import type { AttachedProbe, Probe } from '../probes/probe.ts';
import type { Scenario } from '../scenario.ts';
import type { Capability, Subject } from '../subjects/subject.ts';

/**
 * Every probe that can see this gateway; one that cannot says why, as a warning. A probe for a
 * gateway of another kind (V8's inspector for Python) is passed over: nothing would enable it.
 */
export async function attachProbes(
  all: readonly Probe[],
  subject: Subject,
  nowMs: () => number,
  stack: AsyncDisposableStack,
  warn: (text: string) => void,
): Promise<AttachedProbe[]> {
  const attached: AttachedProbe[] = [];
  const isForeign = ({ needs }: Probe) =>
    needs.some((need) => !subject.capabilities.has(need) && subject.missing[need] === undefined);
  const lacking = new Map<string, string[]>();
  for (const probe of all) {
    if (isForeign(probe)) continue;
    const need = probe.needs.find((found) => !subject.capabilities.has(found));
    const reason = need === undefined ? undefined : subject.missing[need];
    if (reason !== undefined) {
      lacking.set(reason, [...(lacking.get(reason) ?? []), probe.name]);
      continue;
    }
    try {
      const found = stack.use(await probe.attach(subject, nowMs));
      if (found.missing !== undefined) warn(found.missing);
      attached.push(found);
    } catch (error) {
      warn(error instanceof Error ? error.message : String(error));
    }
  }
  for (const [reason, names] of lacking) {
    warn(`Not measured on ${subject.name}: ${names.join(', ')}. The reason: ${reason}`);
  }
  return attached;
}

export function requireNeeds({ id, needs }: Scenario, subject: Subject): void {
  const missing = needs.filter((need) => !sources(need).some((by) => subject.capabilities.has(by)));
  if (missing.length === 0) return;
  const reasons = missing.map((need) => subject.missing[need] ?? `${need} is not available.`);
  throw new Error(`Cannot run scenario ${id} on ${subject.name}: ${reasons.join(' ')}`);
}

/** Memory from outside is read from /proc, or from what a remote gateway tells. */
function sources(need: Capability): readonly Capability[] {
  return need === 'procfs' ? [need, 'metrics-page'] : [need];
}
