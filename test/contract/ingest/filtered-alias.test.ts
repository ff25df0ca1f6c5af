import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { indexVectors } from '../../../src/export/sources/index-vectors.js';
import { dumpIndex } from '../../../src/ingest/dump-index.js';
import { addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { estimate } from '../../../src/ingest/reindex/estimate.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import { collect } from '../../support/collect.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filled, run } from '../../support/source-index.js';

const FILTER = { range: { number: { lt: 5 } } };

onEveryEngine('an alias that shows a part of its index', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  async function aliasOf(index: string, shown: object): Promise<string> {
    const alias = freshName('tenant');
    await engine.request({ method: 'PUT', path: `/${index}/_alias/${alias}`, body: shown });
    return alias;
  }

  it.each([{ filter: FILTER }, { search_routing: 'r1' }])(
    'is no source of a copy, nor given vectors itself (%j)',
    async (shown) => {
      const [index, to] = [await filled(engine, 10), freshName('copy')];
      const alias = await aliasOf(index, shown);
      const options = { encoder: hashingEncoder(), textFields: ['text'], to };
      const refused = { code: 'ALIAS_SHOWS_PART', alias, index };
      await expect(run(engine, alias, { to })).rejects.toMatchObject(refused);
      await expect(estimate(engine, alias, options)).rejects.toMatchObject(refused);
      await expect(sync(engine, alias, to, options)).rejects.toMatchObject(refused);
      await expect(collect(addVectors(engine, alias, options))).rejects.toMatchObject(refused);
    },
  );

  it('is copied whole where it shows all of it', async () => {
    const [index, to] = [await filled(engine, 10), freshName('copy')];
    const alias = await aliasOf(index, { index_routing: 'r1' });
    expect(await run(engine, alias, { to })).toMatchObject({ documents: 10, verified: true });
  });

  it('is dumped and exported as what it shows', async () => {
    const [index, to] = [await filled(engine, 10), freshName('copy')];
    await run(engine, index, { to });
    const alias = await aliasOf(to, { filter: FILTER });
    const there = ['d0', 'd1', 'd2', 'd3', 'd4'];
    expect((await collect(dumpIndex(engine, alias))).map(({ _id }) => _id).sort()).toEqual(there);
    const { items } = await indexVectors(engine, alias);
    const exported = await collect(items({}));
    expect(exported.map((item) => item.ok && item.document.id).sort()).toEqual(there);
  });
});
