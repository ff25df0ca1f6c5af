import fc from 'fast-check';
import { SparseVector } from '../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../src/sparse/vocabulary.js';

/** A small vocabulary with every kind of token that engines and formats have tripped over. */
export const awkwardVocabulary = new Vocabulary([
  ...[
    '',
    ' ',
    '.',
    '..',
    'u.s',
    '##.',
    '%',
    '%2E',
    '%2',
    '##ing',
    'plain',
    'über',
    '東',
    '🦊',
    'é',
    '"',
    "'",
    '\\',
    '|',
    '##|',
  ],
  ...[
    'cells',
    'type',
    'values',
    'blocks',
    '__proto__',
    'constructor',
    'toString',
    '_id',
    'a/b',
    'a:b',
    '*',
    '?',
    '(',
    '$',
    '\u0000',
    '\t',
    '\n',
  ],
  ...Array.from({ length: 40 }, (_, i) => `word${i}`),
]);

/** Arbitrary vectors over {@link awkwardVocabulary}, of 9-bit weights so that products are exact in float32 now and then. */
export function vectors({ minLength = 0, maxLength = 30 } = {}): fc.Arbitrary<SparseVector> {
  const id = fc.nat(awkwardVocabulary.size - 1);
  const weight = fc.float({ min: Math.fround(0.001), max: 4, noNaN: true });
  return fc
    .uniqueArray(fc.tuple(id, weight), { minLength, maxLength, selector: ([i]) => i })
    .map((entries) => entries.sort((a, b) => a[0] - b[0]))
    .map(
      (entries) =>
        new SparseVector(
          awkwardVocabulary,
          Uint32Array.from(entries, ([i]) => i),
          Float32Array.from(entries, ([, w]) => w),
        ),
    );
}
