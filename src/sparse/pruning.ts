import { Fault } from '../fault/fault.js';
import type { SparseVector } from './sparse-vector.js';

/** A pruning that cannot be read, or whose bound makes no sense. */
export class InvalidPruning extends Fault {
  readonly code = 'PRUNING_INVALID';
  constructor(
    readonly written: string,
    found: string,
  ) {
    super({
      asked: `pruning ${JSON.stringify(written)}`,
      found,
      remedy:
        'Write none, topK(N), atLeast(WEIGHT), ratioOfMax(0..1), shareOfMass(0..1), or several joined by + as in atLeast(0.05)+topK(256)',
    });
  }
}

/**
 * A choice of which entries of a vector to keep, as a value. It never changes a weight, and never empties a vector that was
 * not empty unless every entry is under an absolute bound (`atLeast`). `spec` is its written form: `parsePruning(p.spec)` is `p` again.
 */
export interface Pruning {
  readonly spec: string;
  prune(vector: SparseVector): SparseVector;
}

/** Keeps everything. */
export const unpruned: Pruning = { spec: 'none', prune: (vector) => vector };

/** Keeps the `k` heaviest entries; among equal weights the lower id stays. `k` is a whole number of 1 or more. */
export function topK(k: number): Pruning {
  const spec = `topK(${k})`;
  if (!(Number.isInteger(k) && k >= 1)) throw new InvalidPruning(spec, 'K is not a whole number of 1 or more');
  return {
    spec,
    prune(vector) {
      if (vector.size <= k) return vector;
      const kept = new Set(byFallingWeight(vector).slice(0, k));
      return vector.where((position) => kept.has(position));
    },
  };
}

/** Keeps entries of at least `weight`, an absolute bound of 0 or more. */
export function atLeast(weight: number): Pruning {
  const spec = `atLeast(${weight})`;
  if (!(weight >= 0 && Number.isFinite(weight))) throw new InvalidPruning(spec, 'the weight is negative or not finite');
  return { spec, prune: (vector) => vector.where((position) => vector.weights[position]! >= weight) };
}

/** Keeps entries of at least `ratio` times the heaviest (OpenSearch calls it `max_ratio`). `0 <= ratio <= 1`. */
export function ratioOfMax(ratio: number): Pruning {
  const spec = `ratioOfMax(${ratio})`;
  if (!(ratio >= 0 && ratio <= 1)) throw new InvalidPruning(spec, 'the ratio is not between 0 and 1');
  return {
    spec,
    prune(vector) {
      const bound = ratio * vector.weights.reduce((most, weight) => Math.max(most, weight), 0);
      return vector.where((position) => vector.weights[position]! >= bound);
    },
  };
}

/**
 * Keeps the heaviest entries until they hold at least `share` of the summed weight, the entry that crosses the line included.
 * (OpenSearch's `alpha_mass` drops that entry, so a vector that one token dominates comes out empty; this does not.)
 * `0 < share <= 1`.
 */
export function shareOfMass(share: number): Pruning {
  const spec = `shareOfMass(${share})`;
  if (!(share > 0 && share <= 1)) throw new InvalidPruning(spec, 'the share is not above 0 and at most 1');
  return {
    spec,
    prune(vector) {
      const total = vector.weights.reduce((sum, weight) => sum + weight, 0);
      const kept = new Set<number>();
      let mass = 0;
      for (const position of byFallingWeight(vector)) {
        if (mass >= share * total) break;
        kept.add(position);
        mass += vector.weights[position]!;
      }
      return vector.where((position) => kept.has(position));
    },
  };
}

/** Applies one pruning after the other. */
export function inOrder(...steps: readonly Pruning[]): Pruning {
  if (steps.length === 0) return unpruned;
  return {
    spec: steps.map((step) => step.spec).join('+'),
    prune: (vector) => steps.reduce((pruned, step) => step.prune(pruned), vector),
  };
}

const KINDS: Readonly<Record<string, (bound: number) => Pruning>> = { topK, atLeast, ratioOfMax, shareOfMass };

/**
 * Reads a pruning as it is written in options and in an index's `_meta`: `none`, `topK(64)`, `atLeast(0.05)+topK(256)`.
 * @throws {InvalidPruning} for anything else.
 */
export function parsePruning(spec: string): Pruning {
  const written = spec.trim();
  if (written === 'none') return unpruned;
  return inOrder(...written.split('+').map((step) => parseStep(step, written)));
}

function parseStep(step: string, written: string): Pruning {
  const match = /^\s*(\w+)\(\s*([-+.\deE]+)\s*\)\s*$/.exec(step);
  const kind = match && Object.hasOwn(KINDS, match[1]!) ? KINDS[match[1]!] : undefined;
  if (!match || !kind) throw new InvalidPruning(written, `${JSON.stringify(step.trim())} is no pruning`);
  return kind(Number(match[2]));
}

function byFallingWeight(vector: SparseVector): number[] {
  const positions = Array.from(vector.ids.keys());
  return positions.sort((a, b) => vector.weights[b]! - vector.weights[a]! || a - b);
}
