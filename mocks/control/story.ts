// What a run told of its gateway, kept for who begins to listen later. Bounded: where there is too
// much, every other sample is forgotten, so that what is old is told more coarsely; all else is
// kept until there is no sample left.

/** What a run tells; leakbed's fakes do not look into it. */
export const toldTypes = [
  'run',
  'phase',
  'sample',
  'level',
  'fault',
  'forming',
  'warning',
  'verdict',
] as const;

export interface Told {
  readonly type: (typeof toldTypes)[number];
  readonly [field: string]: unknown;
}

export interface Story {
  /** A run begins a new one. */
  add(message: Told): void;
  /** The messages, each as JSON, in their order. */
  readonly messages: readonly string[];
}

interface Kept {
  readonly type: Told['type'];
  readonly text: string;
}

/** Less than a listener may have unread, so that one who comes late is told all of it. */
const keptCharacters = 768 * 1024;

export function createStory(): Story {
  let kept: Kept[] = [];
  let size = 0;
  const shrink = () => {
    let index = 0;
    const thinned = kept.filter(({ type }) => type !== 'sample' || index++ % 2 === 0);
    // The first message says which run it is.
    kept = thinned.length < kept.length ? thinned : kept.toSpliced(1, Math.ceil(kept.length / 10));
    size = kept.reduce((sum, { text }) => sum + text.length, 0);
  };
  return {
    add(message) {
      if (message.type === 'run') {
        kept = [];
        size = 0;
      }
      const text = JSON.stringify(message);
      kept.push({ type: message.type, text });
      size += text.length;
      while (size > keptCharacters) shrink();
    },
    get messages() {
      return kept.map(({ text }) => text);
    },
  };
}
