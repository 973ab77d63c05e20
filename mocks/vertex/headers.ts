// Response headers that Google's front end puts on every REST reply, as captured.

const common = {
  vary: 'Origin, X-Origin, Referer',
  server: 'scaffolding on HTTPServer2',
  'x-xss-protection': '0',
  'x-frame-options': 'SAMEORIGIN',
  'x-content-type-options': 'nosniff',
  'alt-svc': 'h3=":443"; ma=2592000,h3-29=":443"; ma=2592000',
};

export const jsonHeaders = { 'content-type': 'application/json; charset=UTF-8', ...common };

export const sseHeaders = {
  'content-type': 'text/event-stream',
  'content-disposition': 'attachment',
  ...common,
};

/** Streams of other publishers. */
export const rawStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  ...common,
};

export const grpcHeaders = { 'content-type': 'application/grpc' };
