import fc from 'fast-check';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import type { Engine, Snapshot } from '../../../src/engine/engine.js';
import { verify } from '../../../src/verify/verify.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { FIELD, indexVectors } from '../../support/vector-index.js';
import { vectors } from '../../support/vectors.js';

/** Vectors that are the same in every run: what they hold does not matter, that they can be looked at again does. */
const sample = (count: number, seed: number) => fc.sample(vectors({ maxLength: 50 }), { numRuns: count, seed });

/** The same object, but for some of its methods. */
function withMethods<T extends object>(object: T, methods: Partial<T>): T {
  return new Proxy(object, {
    get(target, name) {
      const found = Reflect.get(name in methods ? methods : target, name);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
}

/** An engine that leaves every other hit out of its answers, though not out of its pages. */
function forgetting(engine: Engine): Engine {
  const forgetful = (snapshot: Snapshot) =>
    withMethods(snapshot, {
      search: async (...asked) => {
        const answer = await snapshot.search(...asked);
        return { ...answer, hits: answer.hits.filter((_, rank) => rank % 2 === 0) };
      },
    });
  return withMethods(engine, { snapshot: async (...asked) => forgetful(await engine.snapshot(...asked)) });
}

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

  it('looks through a part of a larger index, compares every score all the same, and notices what answers lack', async () => {
    const documents = sample(1200, 6);
    const { index, dialect } = await indexVectors(engine(), documents);
    const queries = sample(60, 7).map((vector, i) => ({ id: `q${i}`, vector }));
    const options = { dialect, field: FIELD, top: 50 };
    const whole = await verify(engine(), index, queries, options);
    const part = await verify(engine(), index, queries, { ...options, mostDocuments: 300 });
    expect(whole.share).toBe(1);
    expect(part).toMatchObject({ share: 0.25, scores: whole.scores, disagreements: 0, maxUlp: whole.maxUlp });
    expect(part.documents).toBeLessThan(whole.documents);
    const wrong = { ...options, dialect: { ...dialect, stored: (weight: number) => Math.fround(weight * 1.0001) } };
    const found = await verify(engine(), index, queries, { ...wrong, mostDocuments: 300 });
    expect(found.disagreements).toBeGreaterThan(whole.scores / 2);
    const forgetful = await verify(forgetting(engine()), index, queries, { ...options, mostDocuments: 300 });
    expect(forgetful.examples.map(({ kind }) => kind)).toContain('missing');
    await engine().deleteIndex(index);
  });

  it('tells documents of one id under two routings apart', async () => {
    const [one, other, ...others] = sample(40, 8).filter((vector) => vector.size > 3);
    const { index, dialect } = await indexVectors(engine(), others);
    const writes = [one!, other!].map((vector, i) => ({
      ...{ kind: 'index' as const, id: 'same', routing: `r${i}` },
      source: { text: 'twice', [FIELD]: storedFeatures(vector, dialect) },
    }));
    await engine().bulk(index, writes);
    await engine().refresh(index);
    const queries = [one!, other!].map((vector, i) => ({ id: `q${i}`, vector }));
    const report = await verify(engine(), index, queries, { dialect, field: FIELD, top: 100 });
    expect(report).toMatchObject({ documents: await engine().count(index), disagreements: 0 });
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
