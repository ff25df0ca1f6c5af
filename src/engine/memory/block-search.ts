import type { BoundedHeap } from '../../sparse/bounded-heap.js';
import { BLOCK, type FeatureSegment } from './feature-segment.js';
import { WEIGHT_OF_CODE } from './packed-weight.js';

/** A document and its score, a float32. */
export interface Scored {
  readonly doc: number;
  readonly score: number;
}

/** A feature by its number in the field, with the float32 weight that the query gives it. */
export interface QueryFeature {
  readonly feature: number;
  readonly weight: number;
}

export interface BlockSearchOptions {
  /** By document: 1 where it may be found. */
  readonly live: Uint8Array;
  /** Whether to count what matches, for which every block must be looked at. */
  readonly countAll: boolean;
}

/**
 * Bounds are sums of the very products that scores are sums of, but perhaps in another order; so a bound is raised by more than the
 * two orders can differ: 2(n-1) units of 2^-53 for n products, n at most 30,000.
 */
const SLACK = 1 + 2 ** -36;

/**
 * Offers the best documents of a segment to `best`, exactly: the score of a document is the sum in double precision of
 * `float32(weight x stored)`, rounded to float32 once. Blocks are taken by falling bound, until the bound is below the worst
 * score kept; a bound that equals it is still looked at, for ties go to the lower document.
 * @returns how many documents match, where that was to be counted.
 */
export function searchBlocks(
  segment: FeatureSegment,
  query: readonly QueryFeature[],
  best: BoundedHeap<Scored>,
  options: BlockSearchOptions,
): number {
  const known = query.filter(({ feature }) => feature + 1 < segment.groupStarts.length);
  const bounds = boundBlocks(segment, known);
  let matched = 0;
  for (const block of blocksByFallingBound(bounds)) {
    const worst = best.isFull ? (best.worst?.score ?? Number.POSITIVE_INFINITY) : -1;
    if (!options.countAll && Math.fround(bounds[block]! * SLACK) < worst) break;
    matched += scoreBlock(segment, block, known, best, options.live);
  }
  return matched;
}

/** By block: the most that any of its documents can score; -1 where no document has any of the features. */
function boundBlocks(segment: FeatureSegment, query: readonly QueryFeature[]): Float64Array {
  const { groupStarts, blocks, largest } = segment;
  const bounds = new Float64Array(segment.blockCount).fill(-1);
  for (const { feature, weight } of query) {
    for (let group = groupStarts[feature]!; group < groupStarts[feature + 1]!; group++) {
      const product = Math.fround(weight * WEIGHT_OF_CODE[largest[group]!]!);
      const block = blocks[group]!;
      bounds[block] = product + Math.max(0, bounds[block]!);
    }
  }
  return bounds;
}

function blocksByFallingBound(bounds: Float64Array): Uint32Array {
  let count = 0;
  const touched = new Uint32Array(bounds.length);
  for (let block = 0; block < bounds.length; block++) if (bounds[block]! >= 0) touched[count++] = block;
  return touched.subarray(0, count).sort((a, b) => bounds[b]! - bounds[a]! || a - b);
}

const sums = new Float64Array(BLOCK);
const isMatched = new Uint8Array(BLOCK);

function scoreBlock(
  segment: FeatureSegment,
  block: number,
  query: readonly QueryFeature[],
  best: BoundedHeap<Scored>,
  live: Uint8Array,
): number {
  sums.fill(0);
  isMatched.fill(0);
  for (const { feature, weight } of query) addGroup(segment, findGroup(segment, feature, block), weight);
  const base = segment.from + block * BLOCK;
  let matched = 0;
  for (let i = 0; i < BLOCK; i++) {
    if (!isMatched[i] || !live[base + i]) continue;
    matched++;
    const score = Math.fround(sums[i]!);
    if (!best.isFull || score >= (best.worst?.score ?? Number.POSITIVE_INFINITY)) best.offer({ doc: base + i, score });
  }
  return matched;
}

function addGroup({ postingStarts, docs, codes }: FeatureSegment, group: number, weight: number): void {
  if (group < 0) return;
  for (let i = postingStarts[group]!; i < postingStarts[group + 1]!; i++) {
    const doc = docs[i]!;
    sums[doc]! += Math.fround(weight * WEIGHT_OF_CODE[codes[i]!]!);
    isMatched[doc] = 1;
  }
}

/** The group of a feature in a block, or -1. */
function findGroup({ groupStarts, blocks }: FeatureSegment, feature: number, block: number): number {
  let low = groupStarts[feature]!;
  let high = groupStarts[feature + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (blocks[middle]! < block) low = middle + 1;
    else high = middle;
  }
  return low < groupStarts[feature + 1]! && blocks[low] === block ? low : -1;
}
