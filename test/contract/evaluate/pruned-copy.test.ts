import { traitsOf } from '../../../src/dialect/engine-traits.js';
import { connect } from '../../../src/engine/connect.js';
import { prunedCopy } from '../../../src/evaluate/tuning/pruned-copy.js';
import { storeBytes } from '../../../src/evaluate/tuning/store-bytes.js';
import { topK } from '../../../src/sparse/pruning.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { FIELD, indexVectors } from '../../support/vector-index.js';

const vocabulary = new Vocabulary(['fox', 'hunt', 'bread']);

onEveryEngine('a trial copy of an index that makes its vectors by a pipeline', ({ url }) => {
  it('holds the pruned vectors, and no others', async () => {
    await using engine = await connect(await url());
    const terms: Record<string, number>[] = [{ fox: 2, hunt: 1 }, { bread: 3 }];
    const vectors = terms.map((one) => SparseVector.fromTerms(vocabulary, one));
    const { index, dialect } = await indexVectors(engine, vectors);
    const pipeline = freshName('makes-vectors');
    // Of a pipeline that is not there, an engine complains as soon as a document is to go through it.
    const settings = { index: { default_pipeline: pipeline, final_pipeline: pipeline } };
    await engine.request({ method: 'PUT', path: `/${index}/_settings`, body: settings });

    await using copy = await prunedCopy(
      { engine: engine, index, dialect, field: FIELD, textFields: ['text'] },
      topK(1),
      vocabulary,
    );
    const query = { query: { match_all: {} }, _source: traitsOf(engine.version).wholeDocuments.source };
    const { hits } = await engine.search(copy.index.index, query);
    const stored = new Map(hits.map(({ id, source }) => [id, source?.[FIELD]]));
    expect(stored.get('d0')).toEqual({ fox: 2 });
    expect(stored.get('d1')).toEqual({ bread: 3 });
    expect(await storeBytes(copy.index)).toBeGreaterThan(0);
    await engine.deleteIndex(index);
  });
});
