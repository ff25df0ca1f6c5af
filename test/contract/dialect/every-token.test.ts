import { dialectForNewField } from '../../../src/dialect/choose-dialect.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { sparseQuery } from '../../../src/query/sparse-query.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import type { Vocabulary } from '../../../src/sparse/vocabulary.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { freshName } from '../../support/engines.js';
import { FIELD, indexVectors, planOf } from '../../support/vector-index.js';
import { awkwardVocabulary } from '../../support/vectors.js';

const TERMS_A_VECTOR = 500;

/** Vectors that hold, between them, every token of a vocabulary once, with weight 1. */
function everyToken(vocabulary: Vocabulary): SparseVector[] {
  const count = Math.ceil(vocabulary.size / TERMS_A_VECTOR);
  return Array.from({ length: count }, (_, i) => {
    const size = Math.min(TERMS_A_VECTOR, vocabulary.size - i * TERMS_A_VECTOR);
    const ids = Uint32Array.from({ length: size }, (_, position) => i * TERMS_A_VECTOR + position);
    return new SparseVector(vocabulary, ids, new Float32Array(size).fill(1));
  });
}

onEveryConnectedEngine('every token', (engine) => {
  /** A token that is not found is missing from its document's score; one that stands for another adds a second hit. */
  async function expectEachFound(vocabulary: Vocabulary) {
    const vectors = everyToken(vocabulary);
    const { index, dialect } = await indexVectors(engine(), vectors);
    for (const [i, vector] of vectors.entries()) {
      const { query } = sparseQuery(vector, { dialect, field: FIELD });
      const { hits } = await engine().search(index, { query, _source: false });
      expect(hits.map(({ id, score }) => ({ id, score }))).toEqual([{ id: `d${i}`, score: vector.size }]);
    }
    await engine().deleteIndex(index);
  }

  it("of BERT's vocabulary is found, and none is taken for another", async () => {
    const encoder = await loadEncoder('splade-tiny', { workers: 1 });
    await encoder[Symbol.asyncDispose]();
    expect(encoder.vocabulary.size).toBe(30_522);
    await expectEachFound(encoder.vocabulary);
  }, 120_000);

  it('of an awkward vocabulary is found', () => expectEachFound(awkwardVocabulary));

  it('comes back from _source as it was sent', async () => {
    const [vector] = everyToken(awkwardVocabulary);
    const { index, dialect } = await indexVectors(engine(), [vector!]);
    const { hits } = await engine().search(index, { _source: dialect.sourceWithVectors });
    expect(hits[0]!.source![FIELD]).toEqual(storedFeatures(vector!, dialect));
    await engine().deleteIndex(index);
  });

  it('with a bare dot in its name is lost in rank_features: why names are escaped', async () => {
    const dialect = dialectForNewField(engine().version);
    const index = freshName('dots');
    await engine().createIndex(index, { ...mappingFor({ dialect, plan: planOf('test', dialect.name) }) });
    const [outcome] = await engine().bulk(index, [
      { kind: 'index', id: 'd', source: { [FIELD]: { 'u.s': 1, us: 1 } } },
    ]);
    expect(outcome!.ok).toBe(true);
    await engine().refresh(index);
    const found = async (name: string) =>
      (await engine().search(index, { query: dialect.query(FIELD, [{ name, weight: 1 }]) })).hits.length;
    expect(await found('us')).toBe(1);
    expect(await found('u.s')).toBe(dialect.name === 'rank-features' ? 0 : 1);
    await engine().deleteIndex(index);
  });
});

onEveryConnectedEngine('the weights of', (engine) => {
  it('a query may be large, and a document as small as a normal float32', async () => {
    const dialect = dialectForNewField(engine().version);
    const vector = SparseVector.fromTerms(awkwardVocabulary, { word1: 2 ** -126, word2: 1e-39, word3: 65504 });
    const { index } = await indexVectors(engine(), [vector]);
    const query = SparseVector.fromTerms(awkwardVocabulary, { word1: 1000, word2: 1000, word3: 64.5 });
    const { hits } = await engine().search(index, { query: sparseQuery(query, { dialect, field: FIELD }).query });
    expect(hits[0]!.score).toBe(Math.fround(64.5 * dialect.sendable(65504)));
    await engine().deleteIndex(index);
  });
});
