import fc from 'fast-check';
import { percentNames } from '../../../src/dialect/feature-names.js';

/** Any sequence of UTF-16 code units, lone surrogates among them. */
const tokens = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom('.', '%', '2', 'E', 'u', 'D', '8', '\ud83e', '\udd8a')).map((parts) => parts.join('')),
);

describe('feature names', () => {
  it('give every token back', () => {
    fc.assert(fc.property(tokens, (token) => percentNames.tokenOf(percentNames.nameOf(token)) === token));
  });

  it('have no dot, and survive UTF-8', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const name = percentNames.nameOf(token);
        return !name.includes('.') && Buffer.from(name, 'utf8').toString('utf8') === name;
      }),
    );
  });

  it('leave ordinary tokens as they are', () => {
    for (const token of ['', 'splade', '##ing', '東', '🦊', 'a b', '"', '\\', '|'])
      expect(percentNames.nameOf(token)).toBe(token);
  });
});
