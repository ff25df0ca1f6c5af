/** A name that is meant is at most so far off, as a share of its length. */
const MOST_WRONG = 0.4;

/** `; did you mean NAME?`, of the known name that a mistyped one is nearest to, upper and lower case alike; empty where none is near. */
export function didYouMean(written: string, known: Iterable<string>): string {
  const rated = [...known].map((name) => ({ name, edits: editsBetween(written.toLowerCase(), name.toLowerCase()) }));
  const [nearest] = rated.sort((a, b) => a.edits - b.edits);
  if (!nearest || nearest.edits >= nearest.name.length) return '';
  return nearest.edits <= Math.max(1, MOST_WRONG * nearest.name.length) ? `; did you mean ${nearest.name}?` : '';
}

/** Characters to insert, delete, replace or swap with their neighbour (optimal string alignment, after Damerau 1964). */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(row[j - 1]! + 1, last[j]! + 1, replaced, swapped ? before[j - 2]! + 1 : replaced);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
