import { channel } from 'node:diagnostics_channel';
import { mkdtemp, readdir, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoder } from '../../../src/encoder/encoder.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { writeOnnxExport } from '../../support/onnx-export.js';
import { TINY_TOKENS, tinyCheckpoint } from '../../support/tiny-checkpoint.js';

/** Node tells here of every thread that is started. */
const THREADS = channel('worker_threads');

const V = TINY_TOKENS.length;
const EVERY_ID = Uint32Array.from({ length: V }, (_, id) => id);

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  folder = await tinyCheckpoint();
});
afterEach(async () => {
  await rm(home, { recursive: true });
  await rm(folder, { recursive: true });
});

const using = async <T>(ask: (encoder: Encoder) => Promise<T>): Promise<T> => {
  const encoder = await loadEncoder(folder, { home, workers: 1 });
  try {
    return await ask(encoder);
  } finally {
    await encoder[Symbol.asyncDispose]();
  }
};

describe('of an exported model whose logits are a table', () => {
  const table = Float32Array.from({ length: V * V }, (_, i) => Math.sin(i * i));
  /** Which token's row of the table is largest for an id. */
  const winner = (tokens: readonly string[], id: number) =>
    tokens.reduce((best, token) =>
      table[TINY_TOKENS.indexOf(token) * V + id]! > table[TINY_TOKENS.indexOf(best) * V + id]! ? token : best,
    );

  test('the word is the one at the winning position, special tokens and punctuation aside', async () => {
    await unlink(join(folder, 'model.safetensors'));
    await writeOnnxExport(folder, V, table);
    const words = await using((encoder) => encoder.wordsBehind('the Cat, sat on river.', EVERY_ID));
    const expected = EVERY_ID.map((id) => TINY_TOKENS.indexOf(winner(['the', 'cat', 'sat', 'on', 'river'], id)));
    expect(words.map((word) => TINY_TOKENS.indexOf(word!.toLowerCase()))).toEqual([...expected]);
    expect(words).toContain('Cat');
  });
});

describe('of a model compiled from weights', () => {
  test('a text of one word was called by that word alone, however many tokens it has', async () => {
    expect(new Set(await using((encoder) => encoder.wordsBehind('(Engines)', EVERY_ID)))).toEqual(new Set(['Engines']));
  });

  test('a text without words was called by none', async () => {
    expect(await using((encoder) => encoder.wordsBehind(' .,. ', Uint32Array.of(5)))).toEqual([undefined]);
    expect(await using((encoder) => encoder.wordsBehind('', Uint32Array.of(5)))).toEqual([undefined]);
  });

  test('words past the cut call nothing', async () => {
    const text = `${'cat '.repeat(100)}river`;
    expect(new Set(await using((encoder) => encoder.wordsBehind(text, EVERY_ID)))).toEqual(new Set(['cat']));
  });

  test('the second graph is compiled when it is first asked for, and once', async () => {
    const files = () => readdir(join(home, 'compiled'));
    await using(async (encoder) => {
      expect(await files()).toHaveLength(1);
      await encoder.wordsBehind('cat', Uint32Array.of(5));
      expect(await files()).toHaveLength(2);
    });
  });

  test('those who ask at once have it compiled once', async () => {
    await using(async (encoder) => {
      let threads = 0;
      const count = () => threads++;
      THREADS.subscribe(count);
      try {
        const asked = ['cat', 'mat', 'river'].map((text) => encoder.wordsBehind(text, Uint32Array.of(5)));
        expect((await Promise.all(asked)).flat()).toEqual(['cat', 'mat', 'river']);
      } finally {
        THREADS.unsubscribe(count);
      }
      // The one that compiles; that which encodes was there before.
      expect(threads).toBe(1);
    });
  });
});
