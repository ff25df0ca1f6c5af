import { rankFeatures } from '../../dialect/rank-features.js';
import { BoundedHeap } from '../../sparse/bounded-heap.js';
import { type BlockSearchOptions, type Scored, searchBlocks } from './block-search.js';
import { FeatureSegment } from './feature-segment.js';
import type { Matches } from './matches.js';
import { StoredVectors } from './stored-vectors.js';

/** A feature by name, with the weight (`boost`) that the query gives it. */
export interface AskedFeature {
  readonly name: string;
  readonly boost: number;
}

/**
 * One `rank_features` field: its vectors by document, and inverted in segments. What was written since the last search becomes a
 * segment when it is searched; segments of like size are joined, so that there are few.
 */
export class FeatureIndex {
  readonly #vectors = new StoredVectors();
  #segments: FeatureSegment[] = [];

  /** Why the engine would refuse a value, or `undefined` where it would not. */
  static refusalOf(value: unknown): string | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return '[rank_features] fields must be json objects, expected a START_OBJECT';
    }
    for (const [name, weight] of Object.entries(value)) {
      const single = Math.fround(Number(weight));
      if (typeof weight !== 'number' || !Number.isFinite(single) || rankFeatures.stored(single) === 0) {
        return `featureValue must be a positive normal float, got: ${weight} for feature ${name}`;
      }
    }
    return undefined;
  }

  /** Bytes of the vectors and their postings. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, this.#vectors.bytes);
  }

  /** Appends the vector of the next document. */
  append(features: Readonly<Record<string, number>>): void {
    this.#vectors.append(features);
  }

  vectorOf(doc: number): Record<string, number> {
    return this.#vectors.vectorOf(doc);
  }

  /** Adds `float32(boost x stored)` for every document with the feature: FeatureQuery with a linear function. */
  score(name: string, boost: number, into: Matches): void {
    const feature = this.#vectors.numberOf(name);
    if (feature === undefined) return;
    const weight = Math.fround(boost);
    const documents = into.matched.length;
    for (const segment of this.#currentSegments()) {
      segment.forEachPosting(feature, (doc, stored) => {
        if (doc < documents) into.add(doc, Math.fround(weight * stored));
      });
    }
  }

  /** The `k` documents of the largest dot product, exactly; equal scores by rising number. */
  search(asked: readonly AskedFeature[], k: number, options: BlockSearchOptions): { best: Scored[]; total: number } {
    const query = asked.flatMap(({ name, boost }) => {
      const feature = this.#vectors.numberOf(name);
      return feature === undefined ? [] : [{ feature, weight: Math.fround(boost) }];
    });
    const best = new BoundedHeap<Scored>(k, (a, b) => a.score - b.score || b.doc - a.doc);
    let total = 0;
    for (const segment of this.#currentSegments()) total += searchBlocks(segment, query, best, options);
    return { best: best.drainBestFirst(), total };
  }

  #currentSegments(): readonly FeatureSegment[] {
    const { documents } = this.#vectors;
    let from = this.#segments.at(-1)?.to ?? 0;
    if (from === documents) return this.#segments;
    const kept = [...this.#segments];
    // A segment is joined with those after it until it is more than twice as large as they are together.
    while (kept.length > 0 && kept.at(-1)!.to - kept.at(-1)!.from <= 2 * (documents - from)) from = kept.pop()!.from;
    this.#segments = [...kept, FeatureSegment.invert(this.#vectors, from, documents)];
    return this.#segments;
  }
}
