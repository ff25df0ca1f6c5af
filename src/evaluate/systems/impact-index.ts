import type { ScoredDocument } from '../measures/judgements.js';

interface Postings {
  readonly documents: number[];
  readonly impacts: number[];
}

/**
 * An inverted index of impacts, in memory: what a system that stores whole numbers ranks by. Sums of products are exact while
 * they stay under 2^53. About 32 bytes a posting.
 */
export class ImpactIndex {
  readonly #ids: string[] = [];
  readonly #postings = new Map<string, Postings>();

  add(id: string, impacts: Iterable<readonly [feature: string, impact: number]>): void {
    const document = this.#ids.push(id) - 1;
    for (const [feature, impact] of impacts) {
      const postings = this.#postings.get(feature) ?? { documents: [], impacts: [] };
      this.#postings.set(feature, postings);
      postings.documents.push(document);
      postings.impacts.push(impact);
    }
  }

  /** The `size` best documents by dot product, ties in the order in which documents were added. */
  rank(query: Iterable<readonly [feature: string, impact: number]>, size: number): ScoredDocument[] {
    const scores = new Float64Array(this.#ids.length);
    for (const [feature, asked] of query) {
      const { documents, impacts } = this.#postings.get(feature) ?? NOTHING;
      for (let i = 0; i < documents.length; i++) scores[documents[i]!]! += asked * impacts[i]!;
    }
    const matched = [...scores.keys()].filter((document) => scores[document]! > 0);
    return matched
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, size)
      .map((document) => ({ id: this.#ids[document]!, score: scores[document]! }));
  }
}

const NOTHING: Postings = { documents: [], impacts: [] };
