import { createHash } from 'node:crypto';

const SLOT = 4;
const FIRST_SLOTS = 1 << 12;
const FULLEST = 0.7;

/**
 * Which ids have been seen, and on which line first. It keeps 96 bits of a hash and the line: 23 to 46 bytes an id, whatever
 * its length; two different ids fall together with a probability of 10^-13 among a hundred million.
 */
export class SeenIds {
  #slots = FIRST_SLOTS;
  #size = 0;
  #table = new Uint32Array(FIRST_SLOTS * SLOT);

  has(id: string): boolean {
    return this.#table[this.#find(...hashOf(id)) + 3] !== 0;
  }

  /** The line on which the id was first seen, or `undefined`, and then `line` (1 or more) is noted. */
  firstLineOf(id: string, line: number): number | undefined {
    if (this.#size > this.#slots * FULLEST) this.#grow();
    const [a, b, c] = hashOf(id);
    const at = this.#find(a, b, c);
    if (this.#table[at + 3] !== 0) return this.#table[at + 3];
    this.#table.set([a, b, c, line], at);
    this.#size++;
    return undefined;
  }

  /** Where the hash stands, or the empty slot where it belongs. A line of 0 marks an empty slot. */
  #find(a: number, b: number, c: number): number {
    const table = this.#table;
    for (let slot = a % this.#slots; ; slot = (slot + 1) % this.#slots) {
      const at = slot * SLOT;
      if (table[at + 3] === 0 || (table[at] === a && table[at + 1] === b && table[at + 2] === c)) return at;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#slots *= 2;
    this.#table = new Uint32Array(this.#slots * SLOT);
    for (let at = 0; at < old.length; at += SLOT) {
      if (old[at + 3] === 0) continue;
      this.#table.set(old.subarray(at, at + SLOT), this.#find(old[at]!, old[at + 1]!, old[at + 2]!));
    }
  }
}

function hashOf(id: string): [number, number, number] {
  const hash = createHash('sha1').update(id).digest();
  return [hash.readUInt32LE(0), hash.readUInt32LE(4), hash.readUInt32LE(8)];
}
