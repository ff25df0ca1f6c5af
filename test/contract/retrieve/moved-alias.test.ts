import { dialectForNewField } from '../../../src/dialect/choose-dialect.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { toyVector, toyVocabulary } from '../../support/toy-encoder.js';
import { FIELD, planOf } from '../../support/vector-index.js';

onEveryEngine('an index opened by an alias', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  /** An index of one document, `text` by a model of these weights; none where there is no text. */
  const made = async (text: string | undefined, weights: string) => {
    const index = freshName('moved');
    const dialect = dialectForNewField(engine.version);
    const plan = planOf(toyVocabulary.fingerprint, dialect.name);
    await engine.createIndex(index, {
      ...mappingFor({ dialect, plan: { ...plan, model: { ...plan.model, weights } } }),
    });
    if (text !== undefined) {
      const source = { text, [FIELD]: storedFeatures(toyVector(text), dialect) };
      await engine.bulk(index, [{ kind: 'index', id: text, source }]);
      await engine.refresh(index);
    }
    return index;
  };
  const move = (alias: string, from: string | undefined, to: string) => {
    const add = { add: { index: to, alias } };
    const actions = from === undefined ? [add] : [{ remove: { index: from, alias } }, add];
    return engine.request({ method: 'POST', path: '/_aliases', body: { actions } });
  };

  it('follows the alias to an index of the same model, and refuses to ask one of another', async () => {
    const alias = freshName('alias');
    const [first, second, empty, other] = [
      await made('quick fox', 'a'),
      await made('quick dog', 'a'),
      await made(undefined, 'a'),
      await made('quick ship', 'b'),
    ];
    await move(alias, undefined, first);
    const index = await SparseIndex.open(engine, alias);
    const find = async () => (await index.search(toyVector('quick'), { size: 5 })).hits.map(({ id }) => id);
    expect(await find()).toEqual(['quick fox']);
    await move(alias, first, second);
    expect(await find()).toEqual(['quick dog']);
    expect(index.description.name).toBe(second);
    await move(alias, second, empty);
    expect(await find()).toEqual([]);
    expect(index.description.name).toBe(empty);
    await move(alias, empty, other);
    const twoPhase = { unproved: 'approximate' } as const;
    for (const options of [{}, { size: 1 }, { twoPhase }])
      await expect(index.search(toyVector('quick'), options)).rejects.toMatchObject({
        code: 'MODEL_MISMATCH',
        aspect: 'model weights',
      });
    // An answer without hits says nothing of where it comes from.
    await expect(index.search(toyVector('nobody'))).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
    await move(alias, other, first);
    expect(await find()).toEqual(['quick fox']);
  });
});
