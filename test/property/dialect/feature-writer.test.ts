import fc from 'fast-check';
import { FeatureWriter } from '../../../src/dialect/feature-writer.js';
import { osSeismic } from '../../../src/dialect/os-seismic.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { seismicSlots } from '../../../src/dialect/seismic-slots.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';

/** Tokens of any kind, those that objects put first and those that are just too large for that among them; some come twice. */
const tokens = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.nat(9999).map(String),
  fc.constantFrom(
    '0',
    '-0',
    '007',
    '1.5',
    '1e3',
    '4294967294',
    '4294967295',
    '__proto__',
    'toJSON',
    '"',
    '\ud83e',
    '.',
  ),
);
const weights = fc.oneof(
  fc.float({ min: 0, max: 4, noNaN: true, minExcluded: true }),
  fc.float({ min: 0, noNaN: true, noDefaultInfinity: true, minExcluded: true }),
);

const vocabularyAndVectors = fc
  .array(tokens, { minLength: 1, maxLength: 40 })
  .map((all) => new Vocabulary(all))
  .chain((vocabulary) => fc.tuple(fc.constant(vocabulary), fc.array(vectorsOver(vocabulary), { maxLength: 5 })));

function vectorsOver(vocabulary: Vocabulary) {
  const entry = fc.tuple(fc.nat(vocabulary.size - 1), weights);
  return fc.uniqueArray(entry, { selector: ([id]) => id }).map((entries) => {
    const sorted = entries.sort(([one], [other]) => one - other);
    const [ids, values] = [sorted.map(([id]) => id), sorted.map(([, weight]) => weight)];
    return new SparseVector(vocabulary, Uint32Array.from(ids), Float32Array.from(values));
  });
}

describe('a writer of features', () => {
  it('writes every vector to the bytes that JSON.stringify makes of its features', () => {
    fc.assert(
      fc.property(vocabularyAndVectors, ([, vectors]) => {
        const writer = new FeatureWriter(rankFeatures);
        for (const vector of vectors)
          expect(writer.write(vector).text).toBe(JSON.stringify(storedFeatures(vector, rankFeatures)));
      }),
    );
  });

  it('does so in a dialect whose names are all numbers, and for one vocabulary after the other', () => {
    fc.assert(
      fc.property(vocabularyAndVectors, vocabularyAndVectors, ([vocabulary, some], [other, others]) => {
        fc.pre(new Set([...vocabulary.tokens, ...other.tokens]).size === vocabulary.size + other.size);
        const both = new Vocabulary([...vocabulary.tokens, ...other.tokens]);
        const seismic = osSeismic({ slots: seismicSlots(both), ceilings: { document: 3, query: 3 } });
        const writer = new FeatureWriter(seismic);
        for (const vector of [...some, ...others, ...some])
          expect(writer.write(vector).text).toBe(JSON.stringify(storedFeatures(vector, seismic)));
      }),
    );
  });

  it('writes weights that are not of nine bits, however many of them are alike', () => {
    const vocabulary = new Vocabulary(['word']);
    const writer = new FeatureWriter({ ...rankFeatures, sendable: (weight: number) => weight });
    for (const weight of [1, 1 + 2 ** -9, 1, 2 ** 32, 1 + 2 ** -23, 2 ** -32]) {
      const { text } = writer.write(new SparseVector(vocabulary, Uint32Array.of(0), Float32Array.of(weight)));
      expect(text).toBe(`{"word":${Math.fround(weight)}}`);
    }
  });
});
