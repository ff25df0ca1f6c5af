import fc from 'fast-check';
import { exactJson, parseExactJson } from '../../../src/dialect/exact-number.js';
import { processorTime } from '../../support/processor-time.js';

/** Numbers as people and programs write them. */
const numbers = fc.oneof(
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.tuple(fc.integer(), fc.nat(), fc.integer({ min: -9, max: 9 })).map(([a, b, e]) => `${a}.${b}00e${e}`),
  fc.constantFrom('1.0', '-0', '0.10', '1E5', '9007199254740993'),
);

/** Compact JSON of any form around such numbers. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    numbers,
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.constantFrom('true', 'false', 'null', '"12.0"', '"\\\\"', '"a\\"1.0"'),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join()}]`),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `{${items.map((item, i) => `"k${i}":${item}`).join()}}`),
  ),
}));

test('what is parsed and written again is what it was, character by character', () => {
  fc.assert(
    fc.property(json, (written) => {
      expect(exactJson(parseExactJson(written, 'as written'))).toBe(written);
    }),
    { numRuns: 500 },
  );
});

test('by value, small numbers are numbers and large ones keep their digits', () => {
  expect(parseExactJson('{"size":10,"boost":1.0}', 'by value')).toEqual({ size: 10, boost: 1 });
  expect(exactJson(parseExactJson('{"id":9007199254740993}', 'by value'))).toBe('{"id":9007199254740993}');
});

test('what is no JSON stays none, marked or not', () => {
  for (const broken of ['01.0', '[1.0', '{"a":00000000000000009007199254740993}']) {
    expect(() => parseExactJson(broken, 'as written')).toThrow(SyntaxError);
    expect(() => parseExactJson(broken)).toThrow(SyntaxError);
  }
});

test('what is no JSON is refused in time that grows with its length', () => {
  const broken = `{"id":9007199254740993,"text":"${'\\"'.repeat(100_000)}`;
  for (const exactness of ['as written', 'by value'] as const) {
    const began = processorTime();
    expect(() => parseExactJson(broken, exactness)).toThrow(SyntaxError);
    // Looked at from each of its quotation marks anew it takes a minute.
    expect(processorTime() - began).toBeLessThan(1_000);
  }
});
