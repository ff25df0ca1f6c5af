import { connect } from '../../../src/engine/connect.js';
import { evaluateSystems } from '../../../src/evaluate/evaluate-systems.js';
import { parseMeasures } from '../../../src/evaluate/measures/parse-measure.js';
import { parseSystems } from '../../../src/evaluate/systems/parse-system.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';
import { FIELD, indexVectors } from '../../support/vector-index.js';

const vocabulary = new Vocabulary(['fox', 'hunt', 'a.b']);
const vector = (terms: Record<string, number>) => SparseVector.fromTerms(vocabulary, terms);

describe('splade+quantise', () => {
  it('ranks by the dot product of whole numbers, and reports how far its scores are from the exact ones', async () => {
    await using engine = await connect('memory:');
    const documents = [vector({ fox: 1.25, 'a.b': 0.75 }), vector({ fox: 1.5 }), vector({ hunt: 2 })];
    const { index, dialect } = await indexVectors(engine, documents);
    const searched = { engine, index, dialect, field: FIELD, textFields: ['text'] };
    const topics = [{ id: 'q', text: 'fox', vector: vector({ fox: 1, 'a.b': 0.25 }) }];
    const qrels = new Map([['q', new Map([['d0', 1]])]]);
    const systems = parseSystems('splade,splade+quantise(none),splade+quantise(scale(100)),splade+quantise(scale(1))');
    const report = await evaluateSystems(searched, topics, qrels, systems, parseMeasures('RR@10'));
    const answers = [...report.systems.values()].map(({ run }) => run.get('q'));
    // 1.25 + 0.75 * 0.25, and 1.5: exact in every form but the last, where 1.25 * 1 is 1, 1.5 is 2 and 0.25 is lost.
    const exact = [{ id: 'd1', score: 1.5 }, { id: 'd0', score: 1.4375 }]; // biome-ignore format: a ranking
    expect(answers).toEqual([exact, exact, exact, [{ id: 'd1', score: 2 }, { id: 'd0', score: 1 }]]); // biome-ignore format: rankings
    const differences = [...report.systems.values()].map(({ scoreDifference }) => scoreDifference);
    expect(differences).toEqual([undefined, 0, 0, 0.5]);
  });

  it('has no difference to report where the exact system does not run', async () => {
    await using engine = await connect('memory:');
    const { index, dialect } = await indexVectors(engine, [vector({ fox: 1 })]);
    const searched = { engine, index, dialect, field: FIELD, textFields: ['text'] };
    const topics = [{ id: 'q', text: 'fox', vector: vector({ fox: 1 }) }];
    const qrels = new Map([['q', new Map([['d0', 1]])]]);
    const systems = parseSystems('splade+quantise(bits(8))');
    const report = await evaluateSystems(searched, topics, qrels, systems, parseMeasures('RR@10'));
    expect([...report.systems.values()][0]).not.toHaveProperty('scoreDifference');
  });
});
