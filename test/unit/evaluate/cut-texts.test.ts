import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { cutTexts } from '../../../src/evaluate/statistics/cut-texts.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { toyVocabulary } from '../../support/toy-encoder.js';
import { FIELD, planOf } from '../../support/vector-index.js';

it('reads no text of an index whose long texts are passages: it only counts documents, 200 of them at most', async () => {
  await using engine = new MemoryEngine();
  const plan = planOf(toyVocabulary.fingerprint, 'rank-features');
  await engine.createIndex('i', { ...mappingFor({ dialect: rankFeatures, plan }) });
  const passages = { tokens: 64, overlap: 16 };
  const withPassages = { ...plan, vectors: { [FIELD]: { ...plan.vectors[FIELD]!, passages } } };
  const fetched: unknown[] = [];
  const search = engine.search.bind(engine);
  engine.search = (name, body) => {
    fetched.push(body.size);
    return search(name, body);
  };
  for (const [documents, drawn] of [
    [3, 3],
    [250, 200],
  ] as const) {
    const source = { text: 'a fox' };
    await engine.bulk(
      'i',
      Array.from({ length: documents }, (_, i) => ({ kind: 'index' as const, id: `${i}`, source })),
    );
    const counted = await cutTexts({ engine, name: 'i', field: FIELD, plan: withPassages }, undefined as never);
    expect(counted).toEqual({ drawn, cut: 0 });
  }
  expect(new Set(fetched)).toEqual(new Set([0]));
});
