import { dialectIn } from '../../../src/dialect/choose-dialect.js';
import { engineVersion } from '../../../src/dialect/engine-version.js';
import { keptPassages, mustHoldOneVector, PassagesKept, passagesIn } from '../../../src/dialect/kept-passages.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';

const ENGINES = [engineVersion('opensearch', '3.8.0'), engineVersion('elasticsearch', '9.5.3')];

describe('a dialect that keeps passages', () => {
  it.each(ENGINES)('is known again by the mapping that it made: $flavour', (engine) => {
    const plain = dialectIn(engine, { properties: { v: { type: 'rank_features' } } }, 'v');
    const kept = dialectIn(engine, { properties: { v: keptPassages(plain).field } }, 'v');
    expect(kept.field).toEqual(keptPassages(rankFeatures).field);
    expect(kept.query('v', [{ name: 'fox', weight: 2 }])).toMatchObject({
      nested: { path: 'v', query: plain.query('v.vector', [{ name: 'fox', weight: 2 }]), score_mode: 'max' },
    });
    expect(plain.field).toEqual(rankFeatures.field);
  });

  it.each(ENGINES)('is not seen in nested objects of others: $flavour', (engine) => {
    const comments = { type: 'nested', properties: { text: { type: 'text' } } };
    expect(() => dialectIn(engine, { properties: { comments } }, 'comments')).toThrow(/type nested/);
    const other = { type: 'nested', properties: { vector: { type: 'dense_vector' } } };
    expect(() => dialectIn(engine, { properties: { other } }, 'other')).toThrow(/type dense_vector/);
  });

  it('is refused by name where a document must have one vector', () => {
    expect(() => mustHoldOneVector('an export', 'v', rankFeatures)).not.toThrow();
    expect(() => mustHoldOneVector('an export', 'v', keptPassages(rankFeatures))).toThrow(PassagesKept);
  });

  it('finds passages in lists, one vector in an object, and nothing elsewhere', () => {
    const passage = { text: 'a', vector: { fox: 1 } };
    expect(passagesIn([passage])).toEqual([passage]);
    expect(passagesIn({ fox: 1 })).toEqual([{ vector: { fox: 1 } }]);
    for (const nothing of [undefined, null, 'text', []]) expect(passagesIn(nothing)).toEqual([]);
  });
});
