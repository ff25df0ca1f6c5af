import fc from 'fast-check';
import { textsEach, textsOf, vectorsOfTexts } from '../../../src/mapping/field-texts.js';
import { fieldVectors } from '../../../src/mapping/field-vectors.js';
import { topK, unpruned } from '../../../src/sparse/pruning.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { toyVocabulary } from '../../support/toy-encoder.js';

const terms = fc.dictionary(
  fc.constantFrom(...toyVocabulary.tokens.slice(0, 12)),
  fc.float({ min: Math.fround(0.001), max: 10, noNaN: true }),
);
const fieldWeight = fc.double({ min: 0.01, max: 100, noNaN: true });
const part = fc.record({ terms, weight: fieldWeight, text: fc.constantFrom('words', ' ', '') });

it('an entry of a weighed vector is the largest of its weights, each times that of its field and rounded, of fields with text', () => {
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(unpruned, topK(3)),
      (parts, pruning) => {
        const encoded = parts.map((one) => ({ vector: SparseVector.fromTerms(toyVocabulary, one.terms) }));
        const { vector } = vectorsOfTexts(
          parts.map(({ text }) => text),
          encoded,
          { weights: parts.map(({ weight }) => weight), pruning },
        );
        const expected: Record<string, number> = {};
        for (const { terms, weight, text } of parts) {
          if (text.trim() === '') continue;
          for (const [token, value] of Object.entries(terms)) {
            expected[token] = Math.max(expected[token] ?? 0, Math.fround(Math.fround(value) * weight));
          }
        }
        const whole = pruning.prune(SparseVector.fromTerms(toyVocabulary, expected));
        expect([...vector.terms()]).toEqual([...whole.terms()]);
      },
    ),
  );
});

it('a vector without weights is that of the joined text', () => {
  fc.assert(
    fc.property(terms, fc.constantFrom('words', ''), (of, text) => {
      const encoded = { vector: SparseVector.fromTerms(toyVocabulary, of) };
      expect(vectorsOfTexts([text], [encoded], { pruning: topK(2) })).toEqual(fieldVectors(text, encoded, topK(2)));
    }),
  );
});

it('there are as many texts as a field is said to have, joined or one for each field', () => {
  const source = { title: 'A fox', body: ['hunts', null, 'mice'], note: { text: 'x' } };
  expect(textsOf(source, { from: ['title', 'body'] })).toEqual(['A fox hunts mice']);
  const weighed = { from: ['title', 'body', 'absent'], weights: [2, 1, 1] };
  expect(textsOf(source, weighed)).toEqual(['A fox', 'hunts mice', '']);
  expect(textsEach(weighed)).toBe(3);
  expect(textsEach({ from: weighed.from })).toBe(1);
  expect(textsOf(source, { from: ['title', 'note'], weights: [1, 1] })).toEqual({ field: 'note', found: 'an object' });
});
