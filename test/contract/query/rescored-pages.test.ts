import { dialectForNewField } from '../../../src/dialect/choose-dialect.js';
import type { JsonObject } from '../../../src/dialect/dialect.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import type { Engine } from '../../../src/engine/engine.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { rescore } from '../../../src/query/strategies/rescore.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { freshName } from '../../support/engines.js';
import { searchedDocument } from '../../support/search-bodies.js';
import { toyVector, toyVectors } from '../../support/toy-encoder.js';
import { toyPlan } from '../../support/translation-table.js';

const DOCUMENTS = 90;
const WINDOW = 10;
const TEXT = 'quick lazy fox sea';

async function filled(engine: Engine, shards: number) {
  const index = freshName('rescored');
  const dialect = dialectForNewField(engine.version);
  const plan = toyPlan(dialect.name);
  const settings = { index: { number_of_shards: shards } };
  await engine.createIndex(index, { ...mappingFor({ dialect, plan, settings }) });
  const writes = Array.from({ length: DOCUMENTS }, (_, n) => {
    const { title, body } = searchedDocument(n);
    const splade = storedFeatures(toyVector(`${title} ${body}`), dialect);
    return { kind: 'index' as const, id: `d${n}`, source: { title, body, splade } };
  });
  await engine.bulk(index, writes);
  await engine.refresh(index);
  return { index, dialect, plan };
}

onEveryConnectedEngine('pages of a rescored search', (engine) => {
  it.each([1, 3])('neither overlap nor miss, past the window too (%d shards)', async (shards) => {
    const { index, ...options } = await filled(engine(), shards);
    const reordered = (body: JsonObject) =>
      translate(body, { ...options, strategy: rescore({ window: WINDOW }) }, toyVectors(textsIn(body, options))).body;
    const ask = async (body: JsonObject) =>
      (await engine().search(index, body)).hits.map(({ id, score }) => ({ id, score: score! }));
    const query = { match: { body: TEXT } };
    const lexical = await ask({ query, size: DOCUMENTS });
    expect(lexical.length).toBeGreaterThan(6 * WINDOW);
    for (const size of [7, WINDOW]) {
      const paged = [];
      for (let from = 0; from < lexical.length; from += size)
        paged.push(...(await ask(reordered({ query, from, size }))));
      expect(paged.map(({ id }) => id).sort()).toEqual(lexical.map(({ id }) => id).sort());
      // What is reordered has the dot product for its score, to the bit; the rest stands as the words put it.
      const sparse = translate({ query }, options, toyVectors([TEXT])).body.query;
      const products = new Map((await ask({ query: sparse, size: DOCUMENTS })).map(({ id, score }) => [id, score]));
      const [scored, rest] = [paged.filter(({ score }) => score > 0.01), paged.filter(({ score }) => score <= 0.01)];
      for (const { id, score } of scored) expect(score).toBe(products.get(id));
      const scores = scored.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(scored.length).toBeGreaterThan(WINDOW / 2);
      const places = new Map(lexical.map(({ score, id }) => [id, score]));
      const scoresOfRest = rest.map(({ id }) => places.get(id)!);
      expect(scoresOfRest).toEqual([...scoresOfRest].sort((a, b) => b - a));
    }
    await engine().deleteIndex(index);
  });
});
