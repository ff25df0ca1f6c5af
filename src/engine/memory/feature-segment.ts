import { WEIGHT_OF_CODE } from './packed-weight.js';

/** Documents in a segment, at most: a posting's document is two bytes inside its segment. */
export const MOST_DOCUMENTS = 2 ** 16;

/** A feature by its number in the field, with the float32 weight that the query gives it. */
export interface QueryFeature {
  readonly feature: number;
  readonly weight: number;
}

/** Documents, one after the other: where each one's entries begin (one more than there are documents), and the entries from the first's on. */
export interface Rows {
  readonly starts: Uint32Array;
  readonly features: Uint16Array | Uint32Array;
  readonly codes: Uint16Array;
}

/** The postings of a run of documents, made once and then read only. Four bytes a posting. */
export class FeatureSegment {
  private constructor(
    /** The first document. */
    readonly from: number,
    /** One past the last document. */
    readonly to: number,
    /** By feature: where its postings begin; one more than there were features. */
    readonly starts: Uint32Array,
    /** By posting: the document, counted from `from`. Rising within a feature. */
    readonly docs: Uint16Array,
    /** By posting: the code of its weight. */
    readonly codes: Uint16Array,
  ) {}

  get size(): number {
    return this.to - this.from;
  }

  get bytes(): number {
    return this.starts.byteLength + this.docs.byteLength + this.codes.byteLength;
  }

  /** Inverts documents from number `from` on, {@link MOST_DOCUMENTS} at most: a counting sort by feature, which leaves documents in order. */
  static invert({ starts, features, codes }: Rows, from: number, featureCount: number): FeatureSegment {
    const documents = starts.length - 1;
    const [first, last] = [starts[0]!, starts[documents]!];
    const begins = new Uint32Array(featureCount + 1);
    for (let i = first; i < last; i++) begins[features[i - first]! + 1]!++;
    for (let feature = 0; feature < featureCount; feature++) begins[feature + 1]! += begins[feature]!;
    const next = begins.slice();
    const docs = new Uint16Array(last - first);
    const sorted = new Uint16Array(last - first);
    for (let doc = 0; doc < documents; doc++) {
      for (let i = starts[doc]! - first; i < starts[doc + 1]! - first; i++) {
        const at = next[features[i]!]!++;
        docs[at] = doc;
        sorted[at] = codes[i]!;
      }
    }
    return new FeatureSegment(from, from + documents, begins, docs, sorted);
  }

  /** One segment of some that follow each other, {@link MOST_DOCUMENTS} in all at most. */
  static join(parts: readonly FeatureSegment[]): FeatureSegment {
    if (parts.length === 1) return parts[0]!;
    const from = parts[0]!.from;
    const featureCount = Math.max(...parts.map(({ starts }) => starts.length - 1));
    const starts = new Uint32Array(featureCount + 1);
    const total = parts.reduce((sum, { docs }) => sum + docs.length, 0);
    const docs = new Uint16Array(total);
    const codes = new Uint16Array(total);
    let at = 0;
    for (let feature = 0; feature < featureCount; feature++) {
      for (const part of parts) {
        const shift = part.from - from;
        for (let i = part.begin(feature); i < part.begin(feature + 1); i++, at++) {
          docs[at] = part.docs[i]! + shift;
          codes[at] = part.codes[i]!;
        }
      }
      starts[feature + 1] = at;
    }
    return new FeatureSegment(from, parts.at(-1)!.to, starts, docs, codes);
  }

  /** Where the postings of a feature begin; the end of all for features that came after the segment was made. */
  begin(feature: number): number {
    return feature < this.starts.length ? this.starts[feature]! : this.docs.length;
  }

  /**
   * Adds `float32(weight x stored)` of every feature, one feature after the other, to the sums of the segment's documents. All in one
   * loop over typed arrays that are its own variables: called once for each feature, it takes half as long again. Four postings a turn are a tenth quicker; a
   * feature has a document once, so that their order does not matter.
   * @param sums by document, counted from `from`.
   */
  addProducts(query: readonly QueryFeature[], sums: Float64Array): void {
    const { docs, codes } = this;
    const weights = WEIGHT_OF_CODE;
    for (let j = 0; j < query.length; j++) {
      const { feature, weight } = query[j]!;
      const end = this.begin(feature + 1);
      let i = this.begin(feature);
      for (; i < end - 3; i += 4) {
        const a = docs[i]!;
        const b = docs[i + 1]!;
        const c = docs[i + 2]!;
        const d = docs[i + 3]!;
        sums[a]! += Math.fround(weight * weights[codes[i]!]!);
        sums[b]! += Math.fround(weight * weights[codes[i + 1]!]!);
        sums[c]! += Math.fround(weight * weights[codes[i + 2]!]!);
        sums[d]! += Math.fround(weight * weights[codes[i + 3]!]!);
      }
      for (; i < end; i++) sums[docs[i]!]! += Math.fround(weight * weights[codes[i]!]!);
    }
  }

  /** Calls `visit` with the documents and stored weights of a feature, documents rising. */
  forEachPosting(feature: number, visit: (doc: number, weight: number) => void): void {
    const end = this.begin(feature + 1);
    for (let i = this.begin(feature); i < end; i++) visit(this.from + this.docs[i]!, WEIGHT_OF_CODE[this.codes[i]!]!);
  }

  /** The code of a feature's weight in a document of this segment that has the feature. */
  codeOf(feature: number, doc: number): number {
    const wanted = doc - this.from;
    let [low, high] = [this.begin(feature), this.begin(feature + 1)];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.docs[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return this.codes[low]!;
  }
}
