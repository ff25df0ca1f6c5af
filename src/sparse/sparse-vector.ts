import { Fault } from '../fault/fault.js';
import { UnknownToken, type Vocabulary } from './vocabulary.js';

/** A weight that no vector may hold. */
export class InvalidWeight extends Fault {
  readonly code = 'WEIGHT_INVALID';
  constructor(
    readonly token: string,
    readonly weight: number,
  ) {
    super({
      asked: `a weight for token ${JSON.stringify(token)}`,
      found: String(weight),
      remedy: 'Weights are finite and not negative',
    });
  }
}

/** One entry of a vector, for those who read it entry by entry. */
export interface Term {
  readonly id: number;
  readonly token: string;
  readonly weight: number;
}

/**
 * A sparse vector over a vocabulary: `ids` ascending and unique, `weights[i] > 0` the float32 weight of `ids[i]`.
 * Immutable by convention: rooms that change a vector make a new one.
 */
export class SparseVector {
  /**
   * Trusts its arguments (ids ascending, weights positive and finite, equal lengths): for code that has just made them so.
   * Data from outside goes through {@link fromTerms}.
   */
  constructor(
    readonly vocabulary: Vocabulary,
    readonly ids: Uint32Array,
    readonly weights: Float32Array,
  ) {}

  /**
   * A vector from a map of tokens to weights, as it stands in documents and queries. Weights are rounded to float32; those
   * that are zero then are left out.
   * @throws {UnknownToken} for a token outside the vocabulary.
   * @throws {InvalidWeight} for a weight that is negative or not finite as a float32.
   */
  static fromTerms(vocabulary: Vocabulary, terms: Readonly<Record<string, number>>): SparseVector {
    const entries: [number, number][] = [];
    for (const [token, weight] of Object.entries(terms)) {
      const id = vocabulary.idOf(token);
      if (id === undefined) throw new UnknownToken(token, vocabulary.fingerprint);
      const single = Math.fround(weight);
      if (!(single >= 0 && Number.isFinite(single))) throw new InvalidWeight(token, weight);
      if (single > 0) entries.push([id, single]);
    }
    entries.sort((a, b) => a[0] - b[0]);
    return new SparseVector(
      vocabulary,
      Uint32Array.from(entries, (entry) => entry[0]),
      Float32Array.from(entries, (entry) => entry[1]),
    );
  }

  /** A vector without entries. */
  static empty(vocabulary: Vocabulary): SparseVector {
    return new SparseVector(vocabulary, new Uint32Array(0), new Float32Array(0));
  }

  /** The number of entries: non-zero weights. */
  get size(): number {
    return this.ids.length;
  }

  /** The entries in order of id. */
  *terms(): Generator<Term> {
    for (let i = 0; i < this.ids.length; i++) {
      const id = this.ids[i]!;
      yield { id, token: this.vocabulary.tokenOf(id), weight: this.weights[i]! };
    }
  }

  /** The entries by falling weight; equal weights by rising id. */
  heaviestFirst(): Term[] {
    return [...this.terms()].sort((a, b) => b.weight - a.weight || a.id - b.id);
  }

  /** The vector with only the entries that `keep` accepts, called with their positions. */
  where(keep: (position: number) => boolean): SparseVector {
    const positions: number[] = [];
    for (let i = 0; i < this.ids.length; i++) if (keep(i)) positions.push(i);
    if (positions.length === this.ids.length) return this;
    return new SparseVector(
      this.vocabulary,
      Uint32Array.from(positions, (i) => this.ids[i]!),
      Float32Array.from(positions, (i) => this.weights[i]!),
    );
  }

  /** The vector with each weight replaced; entries whose new weight is not positive are left out. */
  mapWeights(change: (weight: number, id: number) => number): SparseVector {
    const changed = Float32Array.from(this.weights, (weight, i) => change(weight, this.ids[i]!));
    return new SparseVector(this.vocabulary, this.ids, changed).where((i) => changed[i]! > 0);
  }
}
