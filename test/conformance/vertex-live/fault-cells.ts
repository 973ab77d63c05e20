// What each fault does to live.connect of @google/genai 2.32 and 3.1, as measured with these very
// SDKs. Faults before the first turn are planned for the operation they hit; faults in a turn come
// as a directive. A turn is five pieces and two messages that end it.

/** Neither a session nor an error: the promise of connect() stays as it is. */
export const unsettled = 'unsettled';

export interface OpeningCell {
  readonly fault: string;
  readonly operation: 'LiveConnect' | 'LiveSetup';
  readonly genai2: string;
  readonly genai3: string;
}

const early = 'rejected: Live connection closed before setup completed';
const failed =
  'rejected: Live connection failed before setup completed: Unexpected server response';

export const openingCells: readonly OpeningCell[] = [
  ...[
    ['UNAUTHENTICATED', 401],
    ['not-found', 404],
    ['throttling', 429],
  ].map(([name, status]) => ({
    fault: `error;name=${name}`,
    operation: 'LiveConnect' as const,
    genai2: unsettled,
    genai3: `${failed}: ${status}`,
  })),
  { fault: 'hang;at=0', operation: 'LiveConnect', genai2: unsettled, genai3: unsettled },
  {
    fault: 'reset;at=0',
    operation: 'LiveConnect',
    genai2: unsettled,
    genai3: 'rejected: Live connection failed before setup completed: read ECONNRESET',
  },
  { fault: 'stall;at=0;for=100ms', operation: 'LiveConnect', genai2: 'open', genai3: 'open' },
  ...[
    [1007, 'bad'],
    [1008, 'no-model'],
    [1011, 'quota'],
  ].map(([code, reason]) => ({
    fault: `close;at=0;code=${code};reason=${reason}`,
    operation: 'LiveSetup' as const,
    genai2: unsettled,
    genai3: `${early} (code ${code}): ${reason}`,
  })),
  {
    fault: 'error;name=validation',
    operation: 'LiveSetup',
    genai2: unsettled,
    genai3: `${early} (code 1007): Request contains an invalid argument.`,
  },
  { fault: 'hang;at=0', operation: 'LiveSetup', genai2: unsettled, genai3: unsettled },
  { fault: 'stall;at=0;for=100ms', operation: 'LiveSetup', genai2: 'open', genai3: 'open' },
  {
    fault: 'truncate;at=mid-frame:0',
    operation: 'LiveSetup',
    genai2: unsettled,
    genai3: unsettled,
  },
];

export interface TurnCell {
  readonly fault: string;
  /** Messages that arrive, the close event, and whether onerror fires. */
  readonly outcome: string;
}

/** Both majors alike. `open`: nothing tells the client that the turn is over. */
export const turnCells: readonly TurnCell[] = [
  { fault: 'noop', outcome: '7, open' },
  { fault: 'slow;gap=5ms', outcome: '7, open' },
  { fault: 'stall;at=2;for=100ms', outcome: '7, open' },
  ...[0, 1, 4, 5, 6].map((at) => ({ fault: `truncate;at=${at}`, outcome: `${at}, open` })),
  { fault: 'truncate;at=mid-frame:2', outcome: '2, open' },
  { fault: 'truncate;at=2;end=cut', outcome: '2, closed 1006' },
  { fault: 'truncate;at=mid-frame:2;end=cut', outcome: '2, closed 1006' },
  { fault: 'reset;at=2', outcome: '2, closed 1006' },
  { fault: 'cancel;at=2', outcome: '2, closed 1006' },
  { fault: 'close;at=2;code=1000', outcome: '2, closed 1000' },
  { fault: 'close;at=2;code=1008;reason=policy', outcome: '2, closed 1008 policy' },
  { fault: 'close;at=2;code=1011', outcome: '2, closed 1011' },
  // No close frame may hold this code.
  { fault: 'close;at=2;code=1005', outcome: '2, closed 1006, error' },
  {
    fault: 'exception;at=2;name=internal',
    outcome: '2, closed 1011 Internal error encountered.',
  },
  { fault: 'error;name=not-found', outcome: '0, closed 1008 Requested entity was not found.' },
  { fault: 'hang;at=2', outcome: '2, open' },
  { fault: 'stall;at=2;for=60s', outcome: '2, open' },
  { fault: 'corrupt;at=3;region=header', outcome: '2, closed 1006, error' },
  { fault: 'oversize;size=16MiB;at=2', outcome: '7, open' },
];

/** More than the 100 MiB that `ws` takes. */
export const beyondWsLimit: TurnCell = {
  fault: 'oversize;size=101MiB;at=2',
  outcome: '1, closed 1006, error',
};
