import { dialectsOf } from '../../../src/dialect/choose-dialect.js';
import { engineVersion } from '../../../src/dialect/engine-version.js';

describe('engines', () => {
  it.each([
    ['elasticsearch', '7.13.4'],
    ['opensearch', '1.3.20'],
    ['opensearch', '2.3.0'],
  ] as const)('too old are refused by name: %s %s', (flavour, text) => {
    expect(() => dialectsOf(engineVersion(flavour, text))).toThrow(`${flavour} ${text}, which is too old`);
  });

  it.each([
    ['elasticsearch', '7.14.0'],
    ['opensearch', '2.4.0'],
    ['memory', '1.0'],
  ] as const)('new enough are not: %s %s', (flavour, text) => {
    expect(dialectsOf(engineVersion(flavour, text))).toHaveLength(1);
  });
});
