import { rankFeatures } from '../../dialect/rank-features.js';
import type { Matches } from './matches.js';
import { Postings } from './postings.js';

/** The postings of one `rank_features` field: stored weights, cut to 9 bits as Lucene's FeatureField does. */
export class FeatureIndex {
  readonly #postings = new Postings();

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

  add(doc: number, features: Readonly<Record<string, number>>): void {
    for (const [name, weight] of Object.entries(features)) {
      this.#postings.add(name, doc, rankFeatures.stored(weight));
    }
  }

  /** Adds `float32(boost x stored)` for every document with the feature: FeatureQuery with a linear function. */
  score(name: string, boost: number, into: Matches): void {
    const postings = this.#postings.of(name);
    if (!postings) return;
    const weight = Math.fround(boost);
    const { scores, matched } = into;
    for (let i = 0; i < postings.length; i++) {
      const doc = postings.docs[i]!;
      scores[doc]! += Math.fround(weight * postings.weights[i]!);
      matched[doc] = 1;
    }
  }
}
