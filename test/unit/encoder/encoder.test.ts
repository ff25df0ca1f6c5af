import { mkdtemp, readdir, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoded, Encoder } from '../../../src/encoder/encoder.js';
import { EncoderClosed } from '../../../src/encoder/encoder-faults.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { ModelFileBroken, ModelFileMissing, ModelNotFound, ModelUnsupported } from '../../../src/model/model-faults.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let home: string;
let folder: string;
let encoder: Encoder;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  folder = await tinyCheckpoint();
  encoder = await loadEncoder(folder, { home, workers: 2 });
});
afterAll(async () => {
  await encoder[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
  await rm(folder, { recursive: true });
});

const texts = ['the cat', '', 'search engines, the river', 'cats sat on the mat. '.repeat(40), 'unknowable', 'mat'];
const entries = ({ vector }: Encoded) => [...vector.terms()];

/** Batches of other shapes sum in another order. */
function expectSame(actual: Encoded, expected: Encoded) {
  expect([...actual.vector.ids]).toEqual([...expected.vector.ids]);
  actual.vector.weights.forEach((weight, i) => {
    expect(weight).toBeCloseTo(expected.vector.weights[i]!, 5);
  });
}

test('a text has one vector, whatever it is encoded with', async () => {
  const together = await encoder.encode(texts);
  for (const [i, text] of texts.entries()) expectSame((await encoder.encode([text]))[0]!, together[i]!);
});

test('a stream gives the same vectors in the same order', async () => {
  const many = Array.from({ length: 300 }, (_, i) => texts[i % texts.length]!);
  const together = await encoder.encode(many);
  let i = 0;
  for await (const encoded of encoder.encodeStream(many)) expectSame(encoded, together[i++]!);
  expect(i).toBe(300);
});

test.each([1, 150])('texts are those of the call, whatever becomes of its array: %d', async (count) => {
  const [expected] = await encoder.encode(['the cat']);
  const [tokens] = await encoder.tokenize(['the cat']);
  const busy = encoder.encode(new Array(200).fill(texts[3]));
  const batch = new Array<string>(count).fill('the cat');
  const [encoding, tokenizing] = [encoder.encode(batch), encoder.tokenize(batch)];
  batch.fill('search engines');
  for (const encoded of await encoding) expectSame(encoded, expected!);
  for (const tokenized of await tokenizing) expect(tokenized).toEqual(tokens);
  await busy;
});

test('weights are positive and ids ascend', async () => {
  for (const encoded of await encoder.encode(texts)) {
    const terms = entries(encoded);
    expect(terms.length).toBeGreaterThan(0);
    terms.forEach(({ id, weight }, i) => {
      expect(weight).toBeGreaterThan(0);
      if (i > 0) expect(id).toBeGreaterThan(terms[i - 1]!.id);
    });
  }
});

test('a long text is cut, and says so', async () => {
  const [long, short] = await encoder.encode([texts[3]!, 'mat']);
  expect(long).toMatchObject({ truncated: true, tokens: 64 });
  expect(short).toMatchObject({ truncated: false, tokens: 3 });
});

test('no texts give no vectors', async () => {
  expect(await encoder.encode([])).toEqual([]);
});

test('says which weights, pooling and compiler made a vector', () => {
  expect(encoder.identity).toMatchObject({ pooling: 'max log1p relu', precision: 'float32', maxTokens: 64 });
  expect(encoder.identity.weights).toMatch(/^[0-9a-f]{64}$/);
});

test('compiles once for the same weights', async () => {
  const before = await readdir(join(home, 'compiled'));
  await (await loadEncoder(folder, { home, workers: 1 }))[Symbol.asyncDispose]();
  expect(await readdir(join(home, 'compiled'))).toEqual(before);
});

test.each([0, -1, 1.5, Number.NaN])('%p threads are refused', async (workers) => {
  await expect(loadEncoder('no-matter', { workers })).rejects.toMatchObject({ code: 'WORKERS_INVALID' });
});

test('an aborted call ends with the reason', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(encoder.encode(texts, { signal })).rejects.toThrow('enough');
  const controller = new AbortController();
  const running = encoder.encode(new Array(3000).fill(texts[3]), { signal: controller.signal });
  setTimeout(() => controller.abort(new Error('too slow')), 20);
  await expect(running).rejects.toThrow('too slow');
});

test('a closed encoder refuses', async () => {
  const closed = await loadEncoder(folder, { home, workers: 1 });
  await closed[Symbol.asyncDispose]();
  await expect(closed.encode(['mat'])).rejects.toThrow(EncoderClosed);
});

describe('a model that cannot be used is refused by name', () => {
  const refusal = async (damage: (path: string) => Promise<void>) => {
    const broken = await tinyCheckpoint();
    await damage(broken);
    const thrown = await loadEncoder(broken, { home, workers: 1 }).catch((failure: unknown) => failure);
    await rm(broken, { recursive: true });
    return thrown;
  };

  test('no such model', async () => {
    await expect(loadEncoder('no-such-model', { home })).rejects.toThrow(ModelNotFound);
    await expect(loadEncoder('nobody/nothing', { home, offline: true })).rejects.toThrow(/offline/);
  });

  test('weights cut short', async () => {
    const thrown = await refusal((path) => truncate(join(path, 'model.safetensors'), 4000));
    expect(thrown).toBeInstanceOf(ModelFileBroken);
    expect((thrown as Error).message).toContain('model.safetensors');
  });

  test.each(['tokenizer.json', 'model.safetensors', 'config.json'])('no %s', async (name) => {
    const thrown = await refusal((path) => unlink(join(path, name)));
    expect(thrown).toBeInstanceOf(ModelFileMissing);
    expect((thrown as Error).message).toContain(name);
  });

  test.each(['tokenizer.json', 'config.json'])('%s that is no JSON', async (name) => {
    const thrown = await refusal((path) => writeFile(join(path, name), '{"model": '));
    expect(thrown).toBeInstanceOf(ModelFileBroken);
  });

  test('a tokenizer without a vocabulary', async () => {
    expect(await refusal((path) => writeFile(join(path, 'tokenizer.json'), '{}'))).toBeInstanceOf(ModelFileBroken);
  });

  test('an architecture that the compiler does not know', async () => {
    const thrown = await refusal((path) =>
      writeFile(
        join(path, 'config.json'),
        '{"model_type": "electra", "vocab_size": 17, "max_position_embeddings": 64}',
      ),
    );
    expect(thrown).toBeInstanceOf(ModelUnsupported);
  });
});
