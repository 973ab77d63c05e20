// What the catalogue promises of a fault: what each real SDK tells its caller when the fault's
// example acts. The table that holds it to that is test/conformance/faults/table.ts, which also
// prints the rows that stand here.
//
//   ok 10          it ended, and the model had said why; the figure is the events that came
//   silent 4       it ended as if all were well, and the model had not
//   error … 4      what was thrown: its name or code, and the beginning of its text, or how
//                  a WebSocket was closed
//   hang 4         nothing came any more, and nothing ended while the table waited; Google's gRPC
//                  client gives up after 30 s (4 DEADLINE_EXCEEDED), the others after minutes
//   n/a            the fault cannot be there; `notOn` of the fault says why
//
// `a | b`: either may win a race. `0-3`: a broken connection may take the last events along.

export const ways = [
  'Bedrock HTTP/1.1',
  'Bedrock HTTP/2',
  'Vertex gRPC',
  'Vertex SSE',
  'Vertex JSON array',
  'Vertex WebSocket',
] as const;

export type Way = (typeof ways)[number];

/** In the order of `ways`. */
export type Observation = readonly [string, string, string, string, string, string];

export type Observations = Readonly<Record<string, Observation>>;
