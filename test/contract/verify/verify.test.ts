import fc from 'fast-check';
import { verify } from '../../../src/verify/verify.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { FIELD, indexVectors } from '../../support/vector-index.js';
import { vectors } from '../../support/vectors.js';

/** Vectors that are the same in every run: what they hold does not matter, that they can be looked at again does. */
const sample = (count: number, seed: number) => fc.sample(vectors({ maxLength: 50 }), { numRuns: count, seed });

onEveryConnectedEngine('verify', (engine) => {
  it('finds every score of awkward vectors equal to the last bit', async () => {
    const { index, dialect } = await indexVectors(engine(), sample(1200, 1));
    const queries = sample(60, 2).map((vector, i) => ({ id: `q${i}`, vector }));
    const report = await verify(engine(), index, queries, { dialect, field: FIELD, top: 200 });
    expect(report).toMatchObject({ queries: 60, documents: 1200, disagreements: 0, examples: [] });
    expect(report.scores).toBeGreaterThan(5_000);
    expect(report.maxUlp).toBeLessThanOrEqual(report.orderDependent === 0 ? 0 : 1);
    await engine().deleteIndex(index);
  });

  it('finds a document whose vector is not the one that its source shows', async () => {
    const [first, ...others] = sample(50, 3).filter((vector) => vector.size > 3);
    const { index, dialect } = await indexVectors(engine(), [first!, ...others]);
    const wrong = {
      ...dialect,
      // As if the index kept more than 9 bits: what a reference that does not know FeatureField would expect.
      stored: (weight: number) => Math.fround(weight * 1.0001),
    };
    const report = await verify(engine(), index, [{ id: 'q', vector: first! }], { dialect: wrong, field: FIELD });
    expect(report.disagreements).toBeGreaterThan(0);
    expect(report.examples[0]).toMatchObject({ query: 'q', kind: 'score' });
    expect(report.examples[0]!.terms.length).toBeGreaterThan(0);
    await engine().deleteIndex(index);
  });

  it('says when the vectors cannot be read back', async () => {
    const { index, dialect } = await indexVectors(engine(), sample(3, 4));
    const query = { id: 'q', vector: sample(1, 5)[0]! };
    await expect(verify(engine(), index, [query], { dialect, field: 'elsewhere' })).rejects.toMatchObject({
      code: 'VECTORS_NOT_READABLE',
    });
    await engine().deleteIndex(index);
  });
});
