// How the control plane's documentation describes an answer: any JSON object. Closed shapes would
// also filter what is sent, and the types of the handlers say the rest.

import { Type } from 'typebox';

const anything = (description: string) =>
  Type.Object({}, { description, additionalProperties: true });

/** Descriptions of the answers 200 and, where the request can be wrong, 400. */
export function answers(good: string, bad?: string) {
  return { 200: anything(good), ...(bad !== undefined && { 400: anything(bad) }) };
}
