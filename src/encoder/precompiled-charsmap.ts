import { isUtf8 } from 'node:buffer';
import { Fault } from '../fault/fault.js';
import { graphemeClusters } from './grapheme-clusters.js';

/** A `precompiled_charsmap` that is none, or is cut. */
export class CharsmapBroken extends Fault {
  readonly code = 'CHARSMAP_BROKEN';
  constructor(found: string) {
    super({
      asked: 'read the precompiled_charsmap of a tokenizer',
      found: `precompiled_charsmap: ${found}`,
      remedy: 'Use the tokenizer.json that belongs to the model',
    });
  }
}

/** Clusters of more bytes of UTF-8 than this are not looked up as a whole. */
const LONGEST_KEY = 5;
/** Bytes of a unit of the trie, and of the number before it. */
const UNIT = 4;
const CONTINUATION = 0x80;

/**
 * SentencePiece's normalization: a map from UTF-8 to UTF-8, compiled. In order: the size of a trie in bytes (uint32, little-endian); the
 * trie, a double array as darts-clone makes it; the replacements, each ended by a zero byte, which the trie has the places of.
 * It is read as the reference does (`spm_precompiled` 0.1.4 under `tokenizers` 0.23.3), which replaces a whole grapheme cluster by what
 * its shortest known beginning stands for.
 */
export class PrecompiledCharsmap {
  readonly #trie: Uint32Array;
  readonly #replacements: Buffer;
  readonly #key = new Uint8Array(LONGEST_KEY);
  readonly #encoder = new TextEncoder();

  /**
   * @param charsmap base64, as in `tokenizer.json`.
   * @throws {CharsmapBroken} where it is not whole, or points outside itself.
   */
  constructor(charsmap: unknown) {
    const bytes = decoded(charsmap);
    const end = UNIT + (bytes.length < UNIT ? 0 : bytes.readUInt32LE());
    if (end > bytes.length || end % UNIT !== 0)
      throw new CharsmapBroken(`a trie that ends at byte ${end} of ${bytes.length}`);
    this.#trie = Uint32Array.from({ length: end / UNIT - 1 }, (_, i) => bytes.readUInt32LE(UNIT * (i + 1)));
    this.#replacements = bytes.subarray(end);
    if (!isUtf8(this.#replacements)) throw new CharsmapBroken('replacements that are not UTF-8');
    this.#check();
  }

  /** A text with its clusters and characters replaced, those that the map does not know as they are. */
  normalize(text: string): string {
    let normalized = '';
    for (const cluster of graphemeClusters(text)) normalized += this.#replaced(cluster) ?? this.#byCharacter(cluster);
    return normalized;
  }

  #byCharacter(cluster: string): string {
    if (cluster.length === 1) return cluster;
    let normalized = '';
    for (const character of cluster) normalized += this.#replaced(character) ?? character;
    return normalized;
  }

  #replaced(key: string): string | undefined {
    const { read, written } = this.#encoder.encodeInto(key, this.#key);
    const start = read < key.length ? undefined : this.#firstMatch(written);
    if (start === undefined) return undefined;
    const end = this.#replacements.indexOf(0, start);
    return this.#replacements.toString('utf8', start, end < 0 ? undefined : end);
  }

  /** What the shortest beginning that is in the trie has there. */
  #firstMatch(length: number): number | undefined {
    const trie = this.#trie;
    let at = offsetOf(trie[0]!);
    for (let i = 0; i < length; i++) {
      const byte = this.#key[i]!;
      at ^= byte;
      const unit = trie[at]!;
      if (byte === 0 || labelOf(unit) !== byte) return undefined;
      at ^= offsetOf(unit);
      if (hasValue(unit)) return placeOf(trie[at]!);
    }
    return undefined;
  }

  /** So that no look-up has to: every unit's children are inside the trie, and every value is where a character begins. */
  #check(): void {
    const trie = this.#trie;
    if (trie.length === 0) throw new CharsmapBroken('an empty trie');
    trie.forEach((unit, at) => {
      if (at > 0 && isValue(unit)) return;
      const children = at ^ offsetOf(unit);
      if ((children | 0xff) >= trie.length) throw new CharsmapBroken(`a trie whose unit ${at} points outside it`);
      if (hasValue(unit) && !this.#isStart(placeOf(trie[children]!)))
        throw new CharsmapBroken(`a trie whose unit ${at} has no replacement`);
    });
  }

  #isStart(at: number): boolean {
    return at < this.#replacements.length && (this.#replacements[at]! & 0xc0) !== CONTINUATION;
  }
}

function decoded(charsmap: unknown): Buffer {
  if (typeof charsmap !== 'string') throw new CharsmapBroken('not there');
  const bytes = Buffer.from(charsmap, 'base64');
  if (bytes.toString('base64') !== charsmap) throw new CharsmapBroken('not base64');
  return bytes;
}

/** A unit that holds a value has its highest bit set, and so the label of no byte. */
function isValue(unit: number): boolean {
  return unit >>> 31 === 1;
}

function placeOf(unit: number): number {
  return unit & 0x7fff_ffff;
}

/** Whether the keys end here, among others: the child of label 0 is their value. */
function hasValue(unit: number): boolean {
  return ((unit >>> 8) & 1) === 1;
}

function labelOf(unit: number): number {
  return (unit & 0x8000_00ff) >>> 0;
}

/** What the place of a unit is combined with to be that of its children; shifted by 8 where bit 9 is set. */
function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
