import fc from 'fast-check';
import { explain } from '../../../src/retrieve/explain-score.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { accepts, expectedScore } from '../../../src/verify/expected-score.js';
import { onEveryEngine } from '../../support/engines.js';
import { type SearchedIndex, searchedIndex } from '../../support/searched-index.js';
import { toyVector, toyVocabulary, toyWordsBehind } from '../../support/toy-encoder.js';

/** `TERMWEAVE_EXPLAINED_PAIRS=1000` asks more of each engine. */
const PAIRS = Number(process.env.TERMWEAVE_EXPLAINED_PAIRS ?? 60);

onEveryEngine('an explanation', ({ url }) => {
  let searched: SearchedIndex;
  let index: SparseIndex;
  beforeAll(async () => {
    searched = await searchedIndex(await url());
    index = await SparseIndex.open(searched.engine, searched.index);
  }, 120_000);
  afterAll(() => searched?.[Symbol.asyncDispose]());

  const toyEncoder = () => ({
    identity: searched.plan.model,
    vocabulary: toyVocabulary,
    encode: async (texts: readonly string[]) =>
      texts.map((text) => ({ vector: toyVector(text), tokens: 1, truncated: false })),
    wordsBehind: async (text: string, ids: Uint32Array) => toyWordsBehind(text, ids),
  });

  it(`has products that add up to _score (${PAIRS} pairs)`, async () => {
    const words = fc.constantFrom('quick', 'brown', 'fox', 'lazy', 'dog', 'red', 'sea', 'ship', 'über', 'nowhere');
    const texts = fc.array(words, { minLength: 1, maxLength: 8 }).map((list) => list.join(' '));
    let shared = 0;
    for (const [n, text] of fc.sample(texts, PAIRS).entries()) {
      const { score, terms } = await explain(index, toyEncoder(), `d${n % 120}`, text);
      const sum = terms.reduce((total, { product }) => total + product, 0);
      expect(accepts(expectedScore(sum, terms.length), score)).toBe(true);
      for (const { query, stored, product, from, answeredBy } of terms) {
        expect(product).toBe(Math.fround(query * stored));
        expect(from.length).toBeGreaterThan(0);
        for (const word of from) expect(text).toContain(word);
        expect(answeredBy).toHaveLength(1);
      }
      shared += Number(terms.length > 0);
    }
    expect(shared).toBeGreaterThan(PAIRS / 3);
  }, 600_000);

  it('names the word of a term', async () => {
    const { terms } = await explain(index, toyEncoder(), 'd1', 'quick fox');
    const ofQuick = new Set(Array.from(toyVector('quick').terms(), ({ token }) => token));
    for (const { token, from } of terms) expect(from).toEqual([ofQuick.has(token) ? 'quick' : 'fox']);
  });

  it('is 0 for a document that shares nothing, and a fault for one that is not there', async () => {
    expect(await explain(index, toyEncoder(), 'd1', 'unheard')).toMatchObject({ score: expect.any(Number) });
    await expect(explain(index, toyEncoder(), 'nobody', 'quick')).rejects.toMatchObject({ code: 'DOCUMENT_NOT_FOUND' });
  });
});
