/**
 * Holm's step-down correction: p values adjusted so that rejecting those under a level keeps the chance of any false rejection
 * under it (S. Holm, Scandinavian Journal of Statistics, 1979). In the order given.
 */
export function holm(pValues: readonly number[]): number[] {
  const rising = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  rising.forEach((position, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[position]!));
    adjusted[position] = largest;
  });
  return adjusted;
}
