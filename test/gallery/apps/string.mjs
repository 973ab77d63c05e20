// Prompts are appended to one array for an audit that is never written.

const prompts = [];

export function audit(id) {
  prompts.push(`${id} `.repeat(512).split('').join(''));
}
