// What stands behind a model's id, after `~`, speaks to leakbed: `claude-3~truncate;at=3`, and
// after another `~` the next fault or a word of the script: `claude-3~chunks=9~slow;gap=5ms`. Ids
// come raw or percent-encoded; no provider has a `~` in an id of its own.

export interface SplitModel {
  /** The id alone, as it was written. */
  readonly model: string;
  /** The words of a directive. */
  readonly words: string | undefined;
}

export function splitModel(id: string): SplitModel {
  const at = id.search(/~|%7e/i);
  if (at === -1) return { model: id, words: undefined };
  const parts = decode(id.slice(at)).split('~').slice(1);
  // A fault begins with its name, a word with its name and `=`.
  const words = parts.map((part) => (/^[^;]*=/.test(part) ? part : `fault=${part}`));
  return { model: id.slice(0, at), words: words.join(' ') };
}

/** Raw ids hold lone percent signs, `at=50%`, which are left as they are. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
