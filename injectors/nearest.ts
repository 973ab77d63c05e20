// "Did you mean …?": the known word that is the fewest edits away from the one that was given.
// Source: Levenshtein distance with neighbours that change places (optimal string alignment).

/** More known words than these are not listed once one of them is near. */
const listedWords = 12;

/** What may be written instead, as sentences: the nearest word, and what else there is. */
export function insteadOf(given: string, known: readonly string[]): string {
  const found = nearest(given, known);
  const meant = found === undefined ? [] : [`Did you mean "${found}"?`];
  const isListed = meant.length === 0 || known.length <= listedWords;
  return [...meant, ...(isListed ? [`Known: ${known.join(', ') || 'none'}.`] : [])].join(' ');
}

/** Words this long are no slips of the finger, and comparing them would take its time. */
const longestWord = 64;

export function nearest(given: string, known: readonly string[]): string | undefined {
  if (given === '' || given.length > longestWord) return undefined;
  const limit = Math.max(1, Math.floor(given.length / 3));
  const near = known
    .map((word) => ({ word, edits: editsBetween(given.toLowerCase(), word.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit);
  return near.sort((a, b) => a.edits - b.edits)[0]?.word;
}

function editsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped));
    }
  }
  return at(a.length, b.length);
}
