// The kinds of text that a heap snapshot consists of, each read piece by piece wherever the pieces
// are cut: a described head, arrays of numbers in rows, strings, and what nobody wants.

export interface Section {
  /** Reads on from there; returns the position after what it took. */
  read(text: string, from: number): number;
  /** Whether its end was reached. */
  isOver(): boolean;
}

const codes = { quote: 34, zero: 48, nine: 57, open: 91, backslash: 92, close: 93 } as const;
const longestText = 256;

/** Numbers in rows of a fixed width; the row is filled anew for each. */
export function numberRows(width: number, onRow: (row: Float64Array) => void): Section {
  const row = new Float64Array(width);
  let filled = 0;
  let value = 0;
  let hasDigit = false;
  let isOver = false;
  const finishNumber = () => {
    row[filled++] = value;
    value = 0;
    hasDigit = false;
    if (filled < width) return;
    onRow(row);
    filled = 0;
  };
  return {
    isOver: () => isOver,
    read(text, from) {
      for (let at = from; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code >= codes.zero && code <= codes.nine) {
          value = value * 10 + code - codes.zero;
          hasDigit = true;
        } else {
          if (hasDigit) finishNumber();
          isOver = code === codes.close;
          if (isOver) return at + 1;
        }
      }
      return text.length;
    },
  };
}

export function stringRow(onText: (text: string) => void): Section {
  let pending = '';
  let inString = false;
  let isEscaped = false;
  let isOver = false;
  return {
    isOver: () => isOver,
    read(text, from) {
      let start = from;
      for (let at = from; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (!inString) {
          isOver = code === codes.close;
          if (isOver) return at + 1;
          inString = code === codes.quote;
          start = at + 1;
        } else if (isEscaped) isEscaped = false;
        else if (code === codes.backslash) isEscaped = true;
        else if (code === codes.quote) {
          onText(unescaped(pending + text.slice(start, at)));
          pending = '';
          inString = false;
        }
      }
      if (inString) pending += text.slice(start);
      return text.length;
    },
  };
}

/** Parsed rather than sliced: a slice would keep the whole piece it is part of alive. */
function unescaped(raw: string): string {
  try {
    return (JSON.parse(`"${raw}"`) as string).slice(0, longestText);
  } catch {
    // V8 cuts long strings, now and then within a character.
    return raw.slice(0, longestText);
  }
}

/** An array whose content is of no interest, arrays within it included. */
export function skippedArray(): Section {
  let depth = 1;
  return {
    isOver: () => depth === 0,
    read(text, from) {
      for (let at = from; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === codes.open) depth++;
        else if (code === codes.close && --depth === 0) return at + 1;
      }
      return text.length;
    },
  };
}

/** An object from its brace to the one that closes it; none of its strings has braces. */
export function objectText(onText: (text: string) => void): Section {
  let depth = 0;
  let pending = '';
  let isOver = false;
  return {
    isOver: () => isOver,
    read(text, from) {
      for (let at = from; at < text.length; at++) {
        if (text[at] === '{') depth++;
        else if (text[at] === '}') depth--;
        isOver = depth === 0;
        if (!isOver) continue;
        onText(pending + text.slice(from, at + 1));
        return at + 1;
      }
      pending += text.slice(from);
      return text.length;
    },
  };
}
