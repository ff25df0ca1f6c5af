import { rankFeatures } from '../../dialect/rank-features.js';
import { BoundedHeap } from '../../sparse/bounded-heap.js';
import { FeatureSegment, MOST_DOCUMENTS } from './feature-segment.js';
import { GrowingArray } from './growing-array.js';
import type { Matches } from './matches.js';
import { packWeight, WEIGHT_OF_CODE } from './packed-weight.js';
import { type Scored, type SegmentSearchOptions, searchSegment } from './search-segment.js';

/** A feature by name, with the weight (`boost`) that the query gives it. */
export interface AskedFeature {
  readonly name: string;
  readonly boost: number;
}

/** Documents that are inverted at once: some 30 ms of work. */
const MOST_IN_TAIL = 4096;
/** Features whose numbers are two bytes. */
const FEW_FEATURES = 2 ** 16;

/**
 * One `rank_features` field. By document it keeps which features there are, in the order in which they were sent; their weights are with
 * the postings, in segments. The last documents (the tail) are not inverted yet: that is done when one searches, or when there are many.
 * Segments of like size are joined, so that there are few. In all six bytes an entry.
 */
export class FeatureIndex {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Where each document's entries begin; one more than there are documents. */
  readonly #starts = new GrowingArray(new Uint32Array(16));
  /** By entry, its feature's number. */
  #features: GrowingArray<Uint16Array | Uint32Array> = new GrowingArray(new Uint16Array(64));
  /** By entry of the tail, the code of its weight. */
  #tailCodes = new GrowingArray(new Uint16Array(64));
  /** By document, its weights as they were sent, where they were more precise than what is stored. */
  readonly #sentWeights = new Map<number, Float64Array>();
  #segments: FeatureSegment[] = [];

  constructor() {
    this.#starts.push(0);
  }

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
    const rows = [this.#starts, this.#features, this.#tailCodes].map(({ values }) => values);
    return [...rows.map(({ byteLength }) => byteLength), ...this.#segments.map(({ bytes }) => bytes)].reduce(
      (sum, bytes) => sum + bytes,
      0,
    );
  }

  /** Appends the vector of the next document; an empty one where it has none. */
  append(vector: Readonly<Record<string, number>>): void {
    const entries = Object.entries(vector);
    let wasCut = false;
    for (const [name, weight] of entries) {
      const code = packWeight(weight);
      // Before the push names its array: a number may be the one for which a wider array is made.
      const feature = this.#numberFor(name);
      this.#features.push(feature);
      this.#tailCodes.push(code);
      wasCut ||= WEIGHT_OF_CODE[code] !== weight;
    }
    if (wasCut)
      this.#sentWeights.set(
        this.#documents,
        Float64Array.from(entries, ([, weight]) => weight),
      );
    this.#starts.push(this.#features.length);
    if (this.#documents - this.#tailFrom === MOST_IN_TAIL) this.#invertTail();
  }

  /** The vector of a document as it was sent. */
  vectorOf(doc: number): Record<string, number> {
    const [start, end] = [this.#starts.values[doc]!, this.#starts.values[doc + 1]!];
    const sent = this.#sentWeights.get(doc);
    const segment = this.#segments.find(({ to }) => doc < to);
    const tailStart = this.#starts.values[this.#tailFrom]!;
    const entries: [string, number][] = [];
    for (let i = start; i < end; i++) {
      const feature = this.#features.values[i]!;
      const code = segment ? segment.codeOf(feature, doc) : this.#tailCodes.values[i - tailStart]!;
      entries.push([this.#names[feature]!, sent ? sent[i - start]! : WEIGHT_OF_CODE[code]!]);
    }
    return Object.fromEntries(entries);
  }

  /** Adds `float32(boost x stored)` for every document with the feature: FeatureQuery with a linear function. */
  score(name: string, boost: number, into: Matches): void {
    const feature = this.#numbers.get(name);
    if (feature === undefined) return;
    const weight = Math.fround(boost);
    const documents = into.matched.length;
    for (const segment of this.#allInverted()) {
      segment.forEachPosting(feature, (doc, stored) => {
        if (doc < documents) into.add(doc, Math.fround(weight * stored));
      });
    }
  }

  /** The `k` documents of the largest dot product, exactly; equal scores by rising number. */
  search(asked: readonly AskedFeature[], k: number, options: SegmentSearchOptions): { best: Scored[]; total: number } {
    const query = asked.flatMap(({ name, boost }) => {
      const feature = this.#numbers.get(name);
      return feature === undefined ? [] : [{ feature, weight: Math.fround(boost) }];
    });
    const best = new BoundedHeap<Scored>(k, (a, b) => a.score - b.score || b.doc - a.doc);
    let total = 0;
    for (const segment of this.#allInverted()) total += searchSegment(segment, query, best, options);
    return { best: best.drainBestFirst(), total };
  }

  get #documents(): number {
    return this.#starts.length - 1;
  }

  /** The first document of the tail. */
  get #tailFrom(): number {
    return this.#segments.at(-1)?.to ?? 0;
  }

  #allInverted(): readonly FeatureSegment[] {
    if (this.#tailFrom < this.#documents) this.#invertTail();
    return this.#segments;
  }

  /** Makes a segment of the tail, and joins it with those before it until one is more than twice as large as they are together. */
  #invertTail(): void {
    const [from, to] = [this.#tailFrom, this.#documents];
    const starts = this.#starts.values.subarray(from, to + 1);
    const features = this.#features.values.subarray(starts[0], starts[to - from]);
    const rows = { starts, features, codes: this.#tailCodes.values };
    const kept = [...this.#segments];
    const joined = [FeatureSegment.invert(rows, from, this.#names.length)];
    for (let size = to - from; kept.length > 0 && kept.at(-1)!.size <= 2 * size; size = to - joined[0]!.from) {
      if (kept.at(-1)!.size + size > MOST_DOCUMENTS) break;
      joined.unshift(kept.pop()!);
    }
    this.#segments = [...kept, FeatureSegment.join(joined)];
    this.#tailCodes = new GrowingArray(new Uint16Array(64));
  }

  #numberFor(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (this.#names.length === FEW_FEATURES) this.#features = this.#features.as(Uint32Array);
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }
}
