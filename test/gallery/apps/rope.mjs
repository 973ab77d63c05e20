// One string that every request adds a line to: V8 keeps the pieces, as nobody reads the whole.

let transcript = '';

export function append(id) {
  transcript += `request ${id} was answered, and the answer noted for later reading\n`;
  return transcript.length;
}
