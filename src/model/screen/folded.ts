import { GROUP_WIDTH } from '../graph/decoder/screen.js';

/** How many values {@link folded} gives. */
export function columnsOfRank(hidden: number, rank: number): number {
  return rank + (hidden - rank) / GROUP_WIDTH;
}

/** The first `rank` values, and the norms of the rest in groups of {@link GROUP_WIDTH}; written to `into`. */
export function folded(values: ArrayLike<number>, rank: number, into: Float64Array): Float64Array {
  let column = 0;
  for (; column < rank; column++) into[column] = values[column]!;
  for (let start = rank; start < values.length; start += GROUP_WIDTH, column++) {
    let squares = 0;
    for (let i = start; i < start + GROUP_WIDTH; i++) squares += values[i]! ** 2;
    into[column] = Math.sqrt(squares);
  }
  return into;
}
