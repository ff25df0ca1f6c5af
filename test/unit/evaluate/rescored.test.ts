import { strategyOf } from '../../../src/cli/asking-options.js';
import { connect } from '../../../src/engine/connect.js';
import { parseSystem } from '../../../src/evaluate/systems/parse-system.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';
import { FIELD, indexVectors } from '../../support/vector-index.js';

const vocabulary = new Vocabulary(['fox', 'hunt']);
const vector = (terms: Record<string, number>) => SparseVector.fromTerms(vocabulary, terms);

/** All have the words of the query; those of `fox` the more the later they come. */
async function searched() {
  const engine = await connect('memory:');
  const documents = [1, 2, 3, 4].map((weight) => vector({ fox: weight }));
  const { index, dialect } = await indexVectors(engine, [...documents, vector({ hunt: 9 })]);
  return { engine, index, dialect, field: FIELD, textFields: ['text'] };
}

const TOPIC = { id: 'q', text: 'document', vector: vector({ fox: 1 }) };
const idsBy = async (written: string, options: { size: number; page?: number }, topic = TOPIC) => {
  const index = await searched();
  await using _ = index.engine;
  const { documents, clauses } = await parseSystem(written).rank(index, topic, options);
  return { ids: documents.map(({ id }) => id), clauses };
};

describe('what words find, in the order of vectors', () => {
  it('is all that they find, where the window holds it', async () => {
    expect(await idsBy('rescore', { size: 5 })).toEqual({ ids: ['d3', 'd2', 'd1', 'd0', 'd4'], clauses: 1 });
  });

  it('is behind the window as words have it', async () => {
    expect((await idsBy('rescore(2)', { size: 5 })).ids).toEqual(['d1', 'd0', 'd2', 'd3', 'd4']);
  });

  it('has a window of a page at least', async () => {
    expect((await idsBy('rescore(2)', { size: 5, page: 3 })).ids).toEqual(['d2', 'd1', 'd0', 'd3', 'd4']);
  });

  it('is as words have it for a query without terms', async () => {
    const topic = { ...TOPIC, vector: SparseVector.empty(vocabulary) };
    expect(await idsBy('rescore', { size: 2 }, topic)).toEqual({ ids: ['d0', 'd1'], clauses: 0 });
  });

  it('is asked by the strategy of that name', () => {
    const { asking, combines } = parseSystem('rescore(300)');
    expect([strategyOf(asking!), asking, combines]).toEqual(['rescore', { window: 300 }, ['bm25', 'splade']]);
    expect(['splade', 'hybrid(rrf)'].map((spec) => strategyOf(parseSystem(spec).asking!))).toEqual([
      undefined,
      'hybrid',
    ]);
  });
});
