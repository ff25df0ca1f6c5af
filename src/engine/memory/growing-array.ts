type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A typed array that is appended to. It grows by half, so that a third of it at most is empty. */
export class GrowingArray<A extends Numbers> {
  #length = 0;

  /** @param values a new, empty array of some length of 1 or more. */
  constructor(public values: A) {}

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.values.length) this.#grow();
    this.values[this.#length++] = value;
  }

  #grow(): void {
    const Numbers = this.values.constructor as new (length: number) => A;
    const grown = new Numbers(Math.ceil(this.values.length * 1.5) + 1);
    grown.set(this.values);
    this.values = grown;
  }
}
