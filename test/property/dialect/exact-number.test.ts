import fc from 'fast-check';
import { ExactNumber, exactJson, parseExactJson } from '../../../src/dialect/exact-number.js';
import { processorTime } from '../../support/processor-time.js';

describe('JSON with exact numbers', () => {
  it('reads and writes every value that JSON.parse and JSON.stringify do, alike', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseExactJson(text)).toEqual(JSON.parse(text));
        expect(exactJson(value)).toBe(text);
      }),
    );
  });

  it('gives every whole number back digit for digit, wherever it stands', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.string(), (number, text) => {
        const json = `{"a":[${number},{${JSON.stringify(text)}:${number}}],"b":${JSON.stringify(`${text} ${number}`)}}`;
        expect(exactJson(parseExactJson(json))).toBe(json);
      }),
    );
  });

  it('holds as a number what a float64 holds, and as its text what none does', () => {
    expect(parseExactJson('[9007199254740992,9007199254740993,0.1,0.30000000000000004]')).toEqual([
      9007199254740992,
      new ExactNumber('9007199254740993'),
      0.1,
      0.30000000000000004,
    ]);
    expect(exactJson(parseExactJson('{"x":0.12345678901234567890123,"y":1e400}'))).toContain(
      '0.12345678901234567890123',
    );
    expect(JSON.stringify(new ExactNumber('9007199254740993'))).toBe('9007199254740992');
  });

  it('is not deceived by digits inside strings', () => {
    const json = '{"s":"\\"12345678901234567890\\" and 1","\\\\":"12345678901234567891"}';
    expect(parseExactJson(json)).toEqual(JSON.parse(json));
  });

  it.each([`1${'0'.repeat(1e6)}1`, `0.${'0'.repeat(1e6)}1`, `1.${'0'.repeat(1e6)}`])(
    'takes no longer over a million zeros of a text than their number allows: %#',
    (digits) => {
      const document = { text: digits, id: 1 };
      const start = processorTime();
      expect(parseExactJson(JSON.stringify(document))).toEqual(document);
      expect(processorTime() - start).toBeLessThan(1000);
    },
  );
});
