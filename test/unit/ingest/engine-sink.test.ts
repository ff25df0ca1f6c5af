import type { JsonObject } from '../../../src/dialect/dialect.js';
import { JsonText, withTextsRead } from '../../../src/dialect/json-text.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { EngineSink, storedFields } from '../../../src/ingest/bulk/engine-sink.js';
import { toyVector } from '../../support/toy-encoder.js';

test('a writeOf of the caller reads the vectors that are written already, and may send them read', async () => {
  const passage = { text: 'red', vector: toyVector('red') };
  const document = {
    ...{ id: 'd1', source: { text: 'red coat' }, tokens: 4, truncated: false },
    vectors: { text_splade: toyVector('red coat'), kept: passage.vector },
    passages: { kept: [passage] },
  };
  const given: JsonObject[] = [];
  const engine = new MemoryEngine();
  await engine.createIndex('shop', { mappings: { properties: { text_splade: { type: 'rank_features' } } } });
  await using sink = new EngineSink(engine, 'shop', {
    dialect: rankFeatures,
    writeOf: ({ id, source }, vectors) => {
      given.push(vectors);
      const { text_splade } = withTextsRead(vectors);
      return { kind: 'index', id, source: { ...source, text_splade } };
    },
  });
  expect(await sink.write([document], {})).toMatchObject([{ ok: true, id: 'd1' }]);
  const stored = storedFields(document, rankFeatures);
  const [vectors] = given as [JsonObject];
  expect(vectors.text_splade).toBeInstanceOf(JsonText);
  expect((vectors.text_splade as JsonText).value).toEqual(stored.text_splade);
  expect(withTextsRead(vectors)).toEqual(stored);
  await engine.refresh('shop');
  const { hits } = await engine.search('shop', { query: { match_all: {} } });
  expect(hits[0]!.source).toEqual({ text: 'red coat', text_splade: stored.text_splade });
});
