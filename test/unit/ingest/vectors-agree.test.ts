import { passagesAgree, vectorsAgree } from '../../../src/ingest/reindex/vectors-agree.js';

const VECTOR = { river: 1.5, bank: 0.75, water: 0.01 };

describe('two encodings of a text', () => {
  it.each([
    ['the same', { ...VECTOR }],
    ['a weight that fell to the next of nine bits', { ...VECTOR, river: 1.5 + 2 ** -8 }],
    ['the lightest entry lost at the pruning', { river: 1.5, bank: 0.75 }],
    ['an entry that the arithmetic makes of nothing', { ...VECTOR, air: 0.00005 }],
  ])('agree: %s', (_, other) => {
    expect(vectorsAgree(VECTOR, other)).toBe(true);
    expect(vectorsAgree(other, VECTOR)).toBe(true);
  });

  it.each([
    ['another weight', { ...VECTOR, river: 1.52 }],
    ['a heavy entry lost', { bank: 0.75, water: 0.01 }],
    ['a heavy entry too many', { ...VECTOR, air: 0.5 }],
    ['the vector of another text', { sun: 1.5, moon: 0.75, star: 0.01 }],
    ['none', {}],
  ])('do not agree: %s', (_, other) => {
    expect(vectorsAgree(VECTOR, other)).toBe(false);
    expect(vectorsAgree(other, VECTOR)).toBe(false);
  });

  it('agree where field weights have multiplied what tells them apart, too', () => {
    const heavy = { river: 50, bank: 1 };
    expect(vectorsAgree(heavy, { river: 50, bank: 1.008, air: 0.009 }, 100)).toBe(true);
    expect(vectorsAgree(heavy, { river: 50, bank: 1.008, air: 0.009 })).toBe(false);
    expect(vectorsAgree(heavy, { river: 51, bank: 1 }, 100)).toBe(false);
  });

  it('agree where a text has none', () => {
    expect(vectorsAgree({}, {})).toBe(true);
  });
});

describe('the passages of two encodings of a text', () => {
  const [first, second] = [
    { text: 'the river', vector: VECTOR },
    { text: 'the sun', vector: { sun: 1.5 } },
  ];
  it('agree where their words and their vectors do, in the same order', () => {
    expect(passagesAgree([first, second], [first, { ...second, vector: { sun: 1.5 + 2 ** -8 } }])).toBe(true);
    expect(passagesAgree([], [])).toBe(true);
  });

  it.each([
    ['one is missing', [first]],
    ['they stand in another order', [second, first]],
    ['other words', [first, { ...second, text: 'the moon' }]],
    ['another vector', [first, { ...second, vector: { sun: 1.6 } }]],
  ])('do not agree: %s', (_, other) => {
    expect(passagesAgree([first, second], other)).toBe(false);
  });
});
