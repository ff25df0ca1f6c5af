/**
 * Fisher and Yates's shuffle, in a new list.
 * @param bits whole numbers from 0, as `randomBits` gives them.
 */
export function shuffled<T>(items: readonly T[], bits: () => number): T[] {
  const drawn = [...items];
  for (let last = drawn.length - 1; last > 0; last--) {
    const chosen = bits() % (last + 1);
    [drawn[last], drawn[chosen]] = [drawn[chosen]!, drawn[last]!];
  }
  return drawn;
}
