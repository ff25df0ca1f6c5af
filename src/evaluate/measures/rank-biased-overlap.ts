import type { JudgedRanking } from './measure.js';

/** How likely a reader is to go on from one rank to the next: the first 10 ranks hold 86 % of the weight. */
const PERSISTENCE = 0.9;

/**
 * Rank-biased overlap, extrapolated: how alike a ranking is to another one, the top counting most; 1 for equal rankings, 0 for
 * disjoint ones. The other ranking is the graded documents by falling grade (see `agreementQrels`). Source: Webber, Moffat and
 * Zobel, A similarity measure for indefinite rankings, TOIS 2010, equation 32, p = 0.9.
 */
export function RBO({ ranking, grades }: JudgedRanking, { cutoff }: { readonly cutoff: number }): number {
  const reference = [...grades].filter(([, grade]) => grade > 0).sort((a, b) => b[1] - a[1]);
  const ours = ranking.slice(0, cutoff).map(({ id }) => id);
  const theirs = reference.slice(0, cutoff).map(([id]) => id);
  const [short, long] = ours.length <= theirs.length ? [ours, theirs] : [theirs, ours];
  if (long.length === 0) return 1;
  if (short.length === 0) return 0;
  return extrapolated(short.length, overlaps(short, long));
}

/** `X[d - 1]`: documents among the first `d` of both lists. */
function overlaps(short: readonly string[], long: readonly string[]): number[] {
  const seen = new Set<string>();
  let shared = 0;
  const meet = (id: string | undefined) => {
    if (id === undefined) return;
    if (seen.has(id)) shared++;
    seen.add(id);
  };
  return long.map((id, rank) => {
    meet(id);
    meet(short[rank]);
    return shared;
  });
}

function extrapolated(short: number, shared: readonly number[]): number {
  const long = shared.length;
  const atShort = shared[short - 1]!;
  let sum = 0;
  for (let depth = 1; depth <= long; depth++) {
    const beyond = Math.max(0, depth - short);
    sum += (shared[depth - 1]! / depth + (atShort * beyond) / (short * depth)) * PERSISTENCE ** depth;
  }
  const rest = (shared[long - 1]! - atShort) / long + atShort / short;
  return ((1 - PERSISTENCE) / PERSISTENCE) * sum + rest * PERSISTENCE ** long;
}
