// The XML of STS (query protocol, API 2011-06-15): results and errors.

import type { PlainAnswer } from './plain-answer.ts';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Leaves in the order given; an object is an element with children. */
export interface XmlFields {
  readonly [name: string]: string | XmlFields;
}

export function stsResult(action: string, result: XmlFields, requestId: string): PlainAnswer {
  const metadata = element('ResponseMetadata', { RequestId: requestId }, '  ');
  const inner = element(`${action}Result`, result, '  ');
  const root = `${action}Response`;
  return xml(200, `<${root} xmlns="${namespace}">\n${inner}${metadata}</${root}>\n`, requestId);
}

export function stsError(
  status: number,
  code: string,
  message: string,
  requestId: string,
): PlainAnswer {
  const error = element('Error', { Type: 'Sender', Code: code, Message: message }, '  ');
  const id = element('RequestId', requestId, '  ');
  const body = `<ErrorResponse xmlns="${namespace}">\n${error}${id}</ErrorResponse>\n`;
  return xml(status, body, requestId);
}

function xml(status: number, text: string, requestId: string): PlainAnswer {
  const headers = { 'x-amzn-RequestId': requestId, 'Content-Type': 'text/xml' };
  return { status, headers, body: Buffer.from(text) };
}

function element(name: string, value: string | XmlFields, indent: string): string {
  if (typeof value === 'string') return `${indent}<${name}>${escapeText(value)}</${name}>\n`;
  const children = Object.entries(value).map(([key, child]) => element(key, child, `${indent}  `));
  return `${indent}<${name}>\n${children.join('')}${indent}</${name}>\n`;
}

function escapeText(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return text.replace(/[&<>]/g, (char) => entities[char] ?? char);
}
