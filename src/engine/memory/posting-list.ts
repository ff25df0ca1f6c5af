/** A Uint32Array and a Float32Array side by side that grow by doubling: one posting list. Documents come in rising order. */
export class PostingList {
  docs = new Uint32Array(4);
  weights = new Float32Array(4);
  length = 0;

  add(doc: number, weight: number): void {
    if (this.length === this.docs.length) this.#grow();
    this.docs[this.length] = doc;
    this.weights[this.length++] = weight;
  }

  /** How many of its documents have a number below this one. */
  below(doc: number): number {
    let [from, to] = [0, this.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.docs[middle]! < doc) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #grow(): void {
    const docs = new Uint32Array(this.length * 2);
    const weights = new Float32Array(this.length * 2);
    docs.set(this.docs);
    weights.set(this.weights);
    this.docs = docs;
    this.weights = weights;
  }
}
