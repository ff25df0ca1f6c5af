import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoded, Encoder } from '../../../src/encoder/encoder.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { readTokenizer } from '../../../src/encoder/read-tokenizer.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

const PROMPTS = { query: 'search: ', document: 'the river. ' };

let home: string;
let folder: string;
let plain: Encoder;
let prompted: Encoder;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  folder = await tinyCheckpoint();
  plain = await loadEncoder(folder, { home, workers: 1 });
  await writeFile(join(folder, 'config_sentence_transformers.json'), JSON.stringify({ prompts: PROMPTS }));
  prompted = await loadEncoder(folder, { home, workers: 1 });
});
afterAll(async () => {
  for (const encoder of [plain, prompted]) await encoder[Symbol.asyncDispose]();
  for (const one of [home, folder]) await rm(one, { recursive: true });
});

const terms = ({ vector }: Encoded) => [...vector.terms()];
const texts = ['cats sat on the mat', '', 'engine. '.repeat(100)];

test.each(['query', 'document'] as const)(
  "a model's prompt stands before every text that is encoded as a %s",
  async (as) => {
    const expected = await plain.encode(
      texts.map((text) => PROMPTS[as] + text),
      { as },
    );
    const encoded = await prompted.encode(texts, { as });
    expect(encoded.map(terms)).toEqual(expected.map(terms));
    expect(encoded.map(({ tokens, truncated }) => [tokens, truncated])).toEqual(
      expected.map(({ tokens, truncated }) => [tokens, truncated]),
    );
  },
);

test('it stands before every passage of a text', async () => {
  const [whole] = await prompted.encode(['the cat sat. search on.'], {
    passages: { tokens: 9, overlap: 0, kept: true },
  });
  const alone = await prompted.encode(['the cat sat.', 'search on.']);
  expect(whole!.passages!.map(({ text }) => text)).toEqual(['the cat sat.', 'search on.']);
  expect(whole!.passages!.map(({ vector }) => [...vector.ids])).toEqual(alone.map(({ vector }) => [...vector.ids]));
});

test('its words are behind no term of the text', async () => {
  const [encoded] = await prompted.encode(['cat mat']);
  const words = await prompted.wordsBehind('cat mat', encoded!.vector.ids);
  expect(new Set(words)).toEqual(new Set(['cat', 'mat']));
});

test('the identity tells it; that of a model without has none', () => {
  expect(prompted.identity.prompts).toEqual(PROMPTS);
  expect(plain.identity).not.toHaveProperty('prompts');
});

describe('a model that wants its texts lower-cased', () => {
  const written = (lowercase: boolean) => async () => {
    const own = await tinyCheckpoint();
    const tokenizer = JSON.parse(await readFile(join(own, 'tokenizer.json'), 'utf8')) as { normalizer: object };
    await writeFile(
      join(own, 'tokenizer.json'),
      JSON.stringify({ ...tokenizer, normalizer: { ...tokenizer.normalizer, lowercase } }),
    );
    await writeFile(join(own, 'sentence_bert_config.json'), JSON.stringify({ do_lower_case: true }));
    return readTokenizer('a-model', own).finally(() => rm(own, { recursive: true }));
  };

  test('is taken where its tokenizer does that', async () => {
    expect(await written(true)()).toHaveProperty('tokenizer');
  });

  test('is refused where its tokenizer keeps case', async () => {
    await expect(written(false)()).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      found: expect.stringContaining('do_lower_case'),
    });
  });
});
