// The errors of Toxiproxy's API, in its words and with its status codes: its clients compare them.
// https://github.com/Shopify/toxiproxy/blob/v2.12.0/api.go

const statuses = {
  'bad request body': 400,
  'missing required field': 400,
  'proxy not found': 404,
  'proxy already exists': 409,
  'stream was invalid, can be either upstream or downstream': 400,
  'invalid toxic type': 400,
  'toxic already exists': 409,
  'toxic not found': 404,
} as const;

export class ApiError extends Error {
  readonly status: number;

  constructor(what: keyof typeof statuses, detail?: string) {
    super(detail === undefined ? what : `${what}: ${detail}`);
    this.name = 'ApiError';
    this.status = statuses[what];
  }
}
