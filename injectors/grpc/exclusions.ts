// Where the faults of this folder cannot be.

import type { Exclusions } from '../injector.ts';

const notGrpc = 'it is about the messages and the status of gRPC, and this is not gRPC';
const notHttp2 = 'it is about frames of an HTTP/2 connection, and this is none';

export const grpcOnly: Exclusions = { http1: notGrpc, http2: notGrpc, websocket: notGrpc };
export const http2Only: Exclusions = { http1: notHttp2, websocket: notHttp2 };
