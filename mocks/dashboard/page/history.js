// Points of a chart along time, bounded: when there are too many, pairs become one that keeps the
// higher reading, so a peak survives and what is old is drawn more coarsely.

const mostPoints = 1200;

/** The first column is x, which must not decrease; the others may be null. */
export function createHistory(columnCount, most = mostPoints) {
  let columns = empty();

  function empty() {
    return Array.from({ length: columnCount }, () => []);
  }

  function thin() {
    // The newer half is what one looks at: it stays as it is.
    const cut = (most >> 2) * 2;
    columns = columns.map((column, index) => {
      const thinned = [];
      for (let at = 0; at < cut; at += 2) {
        thinned.push(index === 0 ? column[at + 1] : higher(column[at], column[at + 1]));
      }
      return thinned.concat(column.slice(cut));
    });
  }

  return {
    push(...row) {
      for (const [index, column] of columns.entries()) column.push(row[index] ?? null);
      if (columns[0].length > most) thin();
    },
    clear() {
      columns = empty();
    },
    get columns() {
      return columns;
    },
    /** The newest reading of a column. */
    latest(index) {
      return columns[index].findLast((value) => value !== null) ?? null;
    },
  };
}

function higher(a, b) {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
