type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A typed array that is appended to. It grows by a quarter, so that a fifth of it at most is empty. */
export class GrowingArray<A extends Numbers> {
  #length = 0;

  /** @param values a new, empty array of some length of 1 or more. */
  constructor(public values: A) {}

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.values.length) this.values = this.#copy(this.values.constructor as ArrayOf<A>);
    this.values[this.#length++] = value;
  }

  /** The same numbers in an array of another kind, such as one that holds larger ones. */
  as<B extends Numbers>(Kind: ArrayOf<B>): GrowingArray<B> {
    const other = new GrowingArray<B>(this.#copy(Kind));
    other.#length = this.#length;
    return other;
  }

  #copy<B extends Numbers>(Kind: ArrayOf<B>): B {
    const grown = new Kind(Math.ceil(this.values.length * 1.25) + 1);
    grown.set(this.values);
    return grown;
  }
}

type ArrayOf<A extends Numbers> = new (length: number) => A;
