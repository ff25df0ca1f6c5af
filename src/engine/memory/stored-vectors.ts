import { GrowingArray } from './growing-array.js';
import { packWeight, WEIGHT_OF_CODE } from './packed-weight.js';

/**
 * The vectors of a field by document, as they were sent, in six bytes an entry: the feature's number and the 16 bits that the engine keeps.
 * Weights that were sent more precisely than that are kept beside.
 */
export class StoredVectors {
  /** Where each document's entries begin; one more than there are documents. */
  readonly starts = new GrowingArray(new Uint32Array(16));
  readonly features = new GrowingArray(new Uint32Array(64));
  readonly codes = new GrowingArray(new Uint16Array(64));
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #sentWeights = new Map<number, Float64Array>();

  constructor() {
    this.starts.push(0);
  }

  /** Documents so far, those without a vector among them. */
  get documents(): number {
    return this.starts.length - 1;
  }

  /** Different features so far. */
  get featureCount(): number {
    return this.#names.length;
  }

  get bytes(): number {
    return [this.starts, this.features, this.codes].reduce((sum, { values }) => sum + values.byteLength, 0);
  }

  numberOf(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  /** Appends the vector of the next document; an empty one where it has none. */
  append(vector: Readonly<Record<string, number>>): void {
    const entries = Object.entries(vector);
    for (const [name, weight] of entries) {
      this.features.push(this.#numberFor(name));
      this.codes.push(packWeight(weight));
    }
    const wereCut = entries.some(([, weight]) => WEIGHT_OF_CODE[packWeight(weight)] !== weight);
    if (wereCut)
      this.#sentWeights.set(
        this.documents,
        Float64Array.from(entries, ([, weight]) => weight),
      );
    this.starts.push(this.features.length);
  }

  /** The vector of a document as it was sent. */
  vectorOf(doc: number): Record<string, number> {
    const start = this.starts.values[doc]!;
    const sent = this.#sentWeights.get(doc);
    const entries: [string, number][] = [];
    for (let i = start; i < this.starts.values[doc + 1]!; i++) {
      const weight = sent ? sent[i - start]! : WEIGHT_OF_CODE[this.codes.values[i]!]!;
      entries.push([this.#names[this.features.values[i]!]!, weight]);
    }
    return Object.fromEntries(entries);
  }

  #numberFor(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }
}
