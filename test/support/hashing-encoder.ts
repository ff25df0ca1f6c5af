import type { Encoded, EncodeOptions, Encoder } from '../../src/encoder/encoder.js';
import { SparseVector } from '../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../src/sparse/vocabulary.js';

const SIZE = 97;

/** An encoder without a model: each word is hashed to a term, its weight grows with how often it stands there. */
export function hashingEncoder(seed = 'tiny'): Encoder & { encoded: number } {
  const vocabulary = new Vocabulary(Array.from({ length: SIZE }, (_, i) => `${seed}${i}`));
  const vectorOf = (text: string): Encoded => {
    const weights = new Map<number, number>();
    for (const word of text.split(/\s+/)) weights.set(hash(word), (weights.get(hash(word)) ?? 0) + 0.37);
    const entries = [...weights].sort(([a], [b]) => a - b);
    const ids = Uint32Array.from(entries, ([id]) => id);
    const vector = new SparseVector(
      vocabulary,
      ids,
      Float32Array.from(entries, ([, weight]) => weight),
    );
    return { vector, tokens: text.split(/\s+/).length, truncated: false };
  };
  return {
    vocabulary,
    identity: {
      id: seed,
      weights: seed,
      configuration: '0',
      pooling: 'max',
      precision: 'float32',
      maxTokens: 256,
      compiler: 1,
      device: 'cpu',
    },
    /** Texts encoded so far that were not empty. */
    encoded: 0,
    async encode(texts) {
      return texts.map(vectorOf);
    },
    async *encodeStream(texts: AsyncIterable<string> | Iterable<string>, { signal }: EncodeOptions = {}) {
      for await (const text of texts) {
        signal?.throwIfAborted();
        if (text !== '') this.encoded++;
        yield vectorOf(text);
      }
    },
    async wordsBehind(text, ids) {
      const words = text.split(/\s+/);
      return Array.from(ids, (id) => words.find((word) => hash(word) === id));
    },
    async tokenize(texts) {
      const tokensOf = (text: string) => text.split(/\s+/).map((word) => ({ id: hash(word), span: undefined }));
      return texts.map((text) => ({ before: [], tokens: tokensOf(text), after: [] }));
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

function hash(word: string): number {
  let value = 7;
  for (const character of word) value = (value * 31 + character.codePointAt(0)!) % 1_000_003;
  return value % SIZE;
}
