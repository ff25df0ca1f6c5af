/**
 * Keeps the best `capacity` of the items offered, in memory for just those. A binary heap with the worst kept item on top, so
 * that an item that does not make it costs one comparison.
 */
export class BoundedHeap<T> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  readonly #compare: (a: T, b: T) => number;

  /** @param compare positive where `a` is better than `b`; a total order makes the result independent of the order of offers. */
  constructor(capacity: number, compare: (a: T, b: T) => number) {
    this.#capacity = capacity;
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  get isFull(): boolean {
    return this.#items.length >= this.#capacity;
  }

  /** The worst of the items kept; `undefined` while there are none. */
  get worst(): T | undefined {
    return this.#items[0];
  }

  offer(item: T): void {
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
      this.#siftUp(this.#items.length - 1);
    } else if (this.#capacity > 0 && this.#compare(item, this.#items[0]!) > 0) {
      this.#items[0] = item;
      this.#siftDown(0);
    }
  }

  /** The items kept, the best first. */
  drainBestFirst(): T[] {
    return this.#items.splice(0).sort((a, b) => this.#compare(b, a));
  }

  #siftUp(from: number): void {
    let child = from;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (this.#compare(this.#items[parent]!, this.#items[child]!) <= 0) return;
      this.#swap(parent, child);
      child = parent;
    }
  }

  #siftDown(from: number): void {
    let parent = from;
    while (true) {
      const left = 2 * parent + 1;
      if (left >= this.#items.length) return;
      const right = left + 1;
      const worse =
        right < this.#items.length && this.#compare(this.#items[right]!, this.#items[left]!) < 0 ? right : left;
      if (this.#compare(this.#items[parent]!, this.#items[worse]!) <= 0) return;
      this.#swap(parent, worse);
      parent = worse;
    }
  }

  #swap(a: number, b: number): void {
    [this.#items[a], this.#items[b]] = [this.#items[b]!, this.#items[a]!];
  }
}
