import fc from 'fast-check';
import { hasLongNumber } from '../../../src/dialect/long-numbers.js';

/** Digits in runs of any length, among what numbers stand beside. */
const texts = fc
  .array(fc.oneof(fc.constantFrom('.', 'e', 'E+', 'e-', '-', ',', '"', ' ', 'é'), fc.stringMatching(/^\d{1,20}$/)))
  .map((parts) => parts.join(''));

describe('long numbers', () => {
  it('are found wherever they stand, each once, with their exponents', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const found: string[] = [];
        hasLongNumber(text, (number) => found.push(number) === 0);
        const expected = [...text.matchAll(/[\d.]+/g)].filter(([run]) => run.length >= 16 && !run.startsWith('.'));
        expect(found).toEqual(
          expected.map(({ 0: run, index }) => run + /^(?:[eE][+-]?\d+)?/.exec(text.slice(index + run.length))![0]),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('end the search when one is wanted', () => {
    const asked: string[] = [];
    const has = hasLongNumber('[1234567890123456,0.12345678901234,9876543210987654321]', (number) => {
      asked.push(number);
      return number.startsWith('0');
    });
    expect([has, asked]).toEqual([true, ['1234567890123456', '0.12345678901234']]);
  });
});
