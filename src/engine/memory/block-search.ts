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
 * Offers the best documents of a segment to `best`, exactly: the score of a document is the sum in double precision of
 * `float32(weight x stored)`, rounded to float32 once. Blocks are taken by falling bound, until the bound is below the worst
 * score kept; a bound that equals it is still looked at, for ties go to the lower document. A bound is added up from products that are no smaller, in the order
 * in which a score is, and rounding keeps order: so no score is above it.
 * @returns how many documents match, where that was to be counted.
 */
export function searchBlocks(
  segment: FeatureSegment,
  query: readonly QueryFeature[],
  best: BoundedHeap<Scored>,
  options: BlockSearchOptions,
): number {
  const known = query.filter(({ feature }) => feature + 1 < segment.groupStarts.length);
  const touched = boundBlocks(segment, known);
  let matched = 0;
  for (const key of keysByFallingBound(touched)) {
    const block = key % MOST_BLOCKS;
    const worst = best.isFull ? (best.worst?.score ?? Number.POSITIVE_INFINITY) : -1;
    if (!options.countAll && Math.fround(touched.bounds[block]!) < worst) break;
    matched += scoreBlock(segment, block, known, touched.groups, best, options.live);
  }
  return matched;
}

/** What a query finds of a segment's blocks. */
interface TouchedBlocks {
  /** By block: the most that any of its documents can score; -1 where no document has any of the features. */
  readonly bounds: Float64Array;
  /** By block, and in it by feature of the query: the group, from 1; 0 where the block has none. */
  readonly groups: Uint32Array;
}

/** Of all searches, one after the other: nothing in a search waits. */
let groupSpace = new Uint32Array(1 << 14);

function boundBlocks(segment: FeatureSegment, query: readonly QueryFeature[]): TouchedBlocks {
  const { groupStarts, blocks, largest, blockCount } = segment;
  const bounds = new Float64Array(blockCount).fill(-1);
  const size = blockCount * query.length;
  if (groupSpace.length < size) groupSpace = new Uint32Array(2 * size);
  const groups = groupSpace.subarray(0, size).fill(0);
  for (let i = 0; i < query.length; i++) {
    const { feature, weight } = query[i]!;
    for (let group = groupStarts[feature]!; group < groupStarts[feature + 1]!; group++) {
      const product = Math.fround(weight * WEIGHT_OF_CODE[largest[group]!]!);
      const block = blocks[group]!;
      bounds[block] = product + Math.max(0, bounds[block]!);
      groups[block * query.length + i] = group + 1;
    }
  }
  return { bounds, groups };
}

/** A key is a block and above it the bits of its bound as a float32: 32 + 21 bits, all that a double holds. 134 million documents a segment. */
const MOST_BLOCKS = 2 ** 21;
const bound = new Float32Array(1);
const boundBits = new Uint32Array(bound.buffer);

/** The touched blocks by falling bound (as float32, which is ordered as its bits are), each as a key. Numbers sort faster than by a comparison. */
function* keysByFallingBound({ bounds }: TouchedBlocks): Generator<number> {
  let count = 0;
  const keys = new Float64Array(bounds.length);
  for (let block = 0; block < bounds.length; block++) {
    if (bounds[block]! < 0) continue;
    bound[0] = bounds[block]!;
    keys[count++] = boundBits[0]! * MOST_BLOCKS + block;
  }
  const rising = keys.subarray(0, count).sort();
  for (let i = count - 1; i >= 0; i--) yield rising[i]!;
}

const sums = new Float64Array(BLOCK);
const isMatched = new Uint8Array(BLOCK);

function scoreBlock(
  segment: FeatureSegment,
  block: number,
  query: readonly QueryFeature[],
  groups: Uint32Array,
  best: BoundedHeap<Scored>,
  live: Uint8Array,
): number {
  sums.fill(0);
  isMatched.fill(0);
  const first = block * query.length;
  for (let i = 0; i < query.length; i++) {
    const group = groups[first + i]!;
    if (group > 0) addGroup(segment, group - 1, query[i]!.weight);
  }
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
  const end = postingStarts[group + 1]!;
  for (let i = postingStarts[group]!; i < end; i++) {
    const doc = docs[i]!;
    sums[doc]! += Math.fround(weight * WEIGHT_OF_CODE[codes[i]!]!);
    isMatched[doc] = 1;
  }
}
