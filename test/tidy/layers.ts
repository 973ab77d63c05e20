// Which way imports may go, as data: within each list an entry may import those above it and
// itself, never those below. `test` may import everything.

export const topFolders = ['injectors', 'mocks', 'harness', 'test'] as const;

/** Longest matching entry wins, so a contract can stand above the folder it lies in. */
export const layers: Readonly<Record<'injectors' | 'mocks' | 'harness', readonly string[][]>> = {
  injectors: [
    ['stream.ts', 'determinism.ts'],
    ['nearest.ts', 'glob.ts'],
    ['options.ts'],
    ['observed/'],
    ['position.ts', 'injector.ts'],
    ['family.ts'],
    ['stream/', 'tcp/', 'client/', 'leaks/'],
    ['ambient/'],
    ['response/', 'grpc/', 'plan.ts'],
    ['timing.ts'],
    ['index.ts'],
    ['composition.ts', 'fault-fields.ts'],
    ['registry.ts', 'pipeline.ts'],
  ],
  mocks: [
    ['kept-secret.ts'],
    ['script/', 'auth/', 'tls/'],
    ['memory.ts'],
    ['provider.ts'],
    ['codec/', 'framing.ts'],
    ['transport/'],
    ['anthropic/'],
    ['bedrock/', 'vertex/'],
    ['index.ts'],
    ['unfit-faults.ts'],
    ['journal.ts', 'plan-in-force.ts', 'switches.ts', 'listen.ts', 'control/admission.ts'],
    ['tally.ts', 'tcp-proxy/'],
    ['control/'],
    ['dashboard/'],
    ['settings.ts', 'outcome.ts'],
    ['answer.ts'],
    ['session-answer.ts', 'intake.ts', 'hasty-client.ts'],
    ['duplex.ts'],
    ['grpc.ts', 'live.ts', 'rest.ts', 'control.ts'],
    ['upstream/'],
    ['server.ts'],
  ],
  harness: [
    ['series/', 'stats/', 'file-error.ts', 'progress.ts', 'budget.ts'],
    ['verdict.ts'],
    ['record.ts', 'ndjson.ts', 'redact.ts', 'make-folder.ts'],
    ['row-files.ts'],
    ['record-store.ts'],
    ['observer.ts'],
    ['metrics/', 'telemetry/'],
    ['record-reader.ts'],
    ['profiles/'],
    ['subjects/subject.ts'],
    ['heap/'],
    ['load/', 'probes/'],
    ['subjects/'],
    ['checkers/'],
    ['scenario.ts'],
    ['repro/'],
    ['runner/', 'reports/'],
    ['watch/'],
    ['museum/'],
    ['scenarios/'],
    ['artillery/'],
    ['cli/'],
    ['api/'],
  ],
};

/** A gateway under test is a program of its own: it may not know who measures it. */
export const standAlone = ['harness/subjects/reference-node/'] as const;
