import { hash } from 'node:crypto';

const FIRST_SLOTS = 1 << 12;
const FULLEST = 0.7;
/** Slots that move with each new id: more than 1/0.7, so that all have moved before the next table is full. */
const MOVED_AT_ONCE = 4;

/**
 * Which ids have been seen, and on which line first. It keeps 96 bits of a hash and the line: 23 to 46 bytes an id, whatever
 * its length, and half as much again while it grows; two different ids fall together with a probability of 10^-13 among a hundred million.
 * It grows a little with each id: to move all at once would hold the event loop for seconds.
 */
export class SeenIds {
  #size = 0;
  #table = new HashTable(FIRST_SLOTS);
  /** The smaller table, of which the first `#moved` slots are in the larger one, too. */
  #old: HashTable | undefined;
  #moved = 0;

  has(id: string): boolean {
    return this.#lineOf(hashOf(id)) !== 0;
  }

  /** The line on which the id was first seen, or `undefined`, and then `line` (1 or more) is noted. */
  firstLineOf(id: string, line: number): number | undefined {
    const hash = hashOf(id);
    const seen = this.#lineOf(hash);
    if (seen !== 0) return seen;
    this.#grow();
    this.#table.set(hash, line);
    this.#size++;
    return undefined;
  }

  /** 0 where it has not been seen. */
  #lineOf(hash: Hash): number {
    return this.#table.lineOf(hash) || (this.#old?.lineOf(hash) ?? 0);
  }

  #grow(): void {
    if (this.#size > this.#table.slots * FULLEST) {
      this.#old = this.#table;
      this.#moved = 0;
      this.#table = new HashTable(this.#old.slots * 2);
    }
    if (!this.#old) return;
    const end = Math.min(this.#moved + MOVED_AT_ONCE, this.#old.slots);
    for (; this.#moved < end; this.#moved++) this.#old.copySlot(this.#moved, this.#table);
    if (end === this.#old.slots) this.#old = undefined;
  }
}

type Hash = readonly [number, number, number];

function hashOf(id: string): Hash {
  const digest = hash('sha1', id, 'buffer');
  return [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8)];
}

/** Open addresses; a slot has a hash and a line, and a line of 0 marks one that is empty. */
class HashTable {
  readonly #words: Uint32Array;

  constructor(readonly slots: number) {
    this.#words = new Uint32Array(slots * 4);
  }

  lineOf(hash: Hash): number {
    return this.#words[this.#find(...hash) + 3]!;
  }

  set(hash: Hash, line: number): void {
    this.#words.set([...hash, line], this.#find(...hash));
  }

  copySlot(slot: number, other: HashTable): void {
    const [a, b, c, line] = this.#words.subarray(slot * 4, slot * 4 + 4) as unknown as [...Hash, number];
    if (line !== 0) other.set([a, b, c], line);
  }

  /** Where the hash stands, or the empty slot where it belongs. */
  #find(a: number, b: number, c: number): number {
    const words = this.#words;
    for (let slot = a % this.slots; ; slot = (slot + 1) % this.slots) {
      const at = slot * 4;
      if (words[at + 3] === 0 || (words[at] === a && words[at + 1] === b && words[at + 2] === c)) return at;
    }
  }
}
