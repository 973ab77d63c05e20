// A message over the limit, of which the last byte never comes: refused at its length prefix, or
// kept for as long as the call lasts.

import { setTimeout as sleep } from 'node:timers/promises';
import { Client, credentials } from '@grpc/grpc-js';

const method = '/google.cloud.aiplatform.v1.PredictionService/GenerateContent';
const options = { 'grpc.max_receive_message_length': 8 * 1024 };
const text = '[[leakbed total=32KiB fault=hang;at=mid-frame]] hello';
const unchanged = (bytes) => bytes;
/** Long enough for the bytes to be here, without waiting for a call that never ends. */
const patienceMs = 50;
let client;

export default async function messageOverLimit({ vertexUrl }) {
  client ??= new Client(new URL(vertexUrl).host, credentials.createInsecure(), options);
  const answered = new Promise((resolve) => {
    client.makeUnaryRequest(method, unchanged, unchanged, request, resolve);
  });
  await Promise.race([answered, sleep(patienceMs)]);
}

/** GenerateContentRequest by hand: model = 5, contents = 2 { role = 1, parts = 2 { text = 1 } }. */
const model = 'projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash';
const request = Buffer.concat([
  field(5, model),
  field(2, Buffer.concat([field(1, 'user'), field(2, field(1, text))])),
]);

function field(number, value) {
  const bytes = Buffer.from(value);
  // All lengths here take one byte of a varint.
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}
