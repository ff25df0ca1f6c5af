import { dialectForNewField } from '../../../src/dialect/choose-dialect.js';
import type { Dialect } from '../../../src/dialect/dialect.js';
import { vectorIn } from '../../../src/dialect/kept-passages.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { createGateway, type Gateway } from '../../../src/gateway/gateway.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import type { VectorPlan } from '../../../src/mapping/vector-plan.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { toyVector } from '../../support/toy-encoder.js';
import { toyModel } from '../../support/toy-model.js';
import { toyPlan } from '../../support/translation-table.js';

const DOCUMENT = { title: 'quick fox', body: 'blue sea' };

// biome-ignore lint/suspicious/noExplicitAny: answers of the engine
type Answer = any;

onEveryEngine('an alias that moves between a write and the one before', ({ url }) => {
  let node: string;
  let engine: Engine;
  let gateway: Gateway;
  let through: string;
  let dialect: Dialect;
  let plan: VectorPlan;
  const made: string[] = [];
  beforeAll(async () => {
    node = await url();
    engine = await connect(node);
    dialect = dialectForNewField(engine.version);
    plan = toyPlan(dialect.name);
    gateway = createGateway({
      upstream: { url: node },
      version: engine.version,
      encoder: toyModel(plan),
      // Nothing that was read grows old: what is noticed is noticed by what the engine answers.
      now: () => 0,
    });
    through = await gateway.listen(0);
  }, 120_000);
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    for (const index of made) await ask(node, 'DELETE', `/${index}`);
    await engine?.[Symbol.asyncDispose]();
  });

  const ask = async (at: string, method: string, path: string, body?: unknown) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const headers = text === undefined ? undefined : { 'content-type': 'application/json' };
    const answer = await fetch(at + path, { method, headers, body: text });
    const { headers: told, status } = answer;
    return { status, reason: told.get('x-termweave-reason'), body: (await answer.json()) as Answer };
  };
  const index = async (name: string, planned?: VectorPlan) => {
    const body = planned ? mappingFor({ dialect, plan: planned }) : { mappings: { properties: {} } };
    made.push(name);
    expect((await ask(node, 'PUT', `/${name}`, body)).status).toBe(200);
    return name;
  };
  const sourceOf = async (name: string, id: string, routing?: string): Promise<Answer> => {
    await engine.refresh(name);
    const body = { query: { ids: { values: [id] } }, _source: dialect.sourceWithVectors };
    const { hits } = (await ask(node, 'POST', `/${name}/_search`, body)).body.hits;
    expect(hits[0]._routing).toBe(routing);
    return hits[0]._source;
  };
  const vectors = ({ title, body }: typeof DOCUMENT) => ({
    splade: storedFeatures(toyVector(`${title} ${body}`), dialect),
    splade_title: storedFeatures(toyVector(title), dialect),
  });
  const vectorsIn = ({ splade, splade_title }: Answer) => ({
    splade: vectorIn(splade),
    splade_title: vectorIn(splade_title),
  });
  /** An alias on the first index, written to through the gateway and then moved to the second, unseen by the gateway. */
  const moved = async (from: string, to: string) => {
    const alias = freshName('alias');
    await ask(node, 'POST', '/_aliases', { actions: [{ add: { index: from, alias } }] });
    const before = await ask(through, 'PUT', `/${alias}/_doc/before`, DOCUMENT);
    expect([before.status, before.body._index]).toEqual([201, from]);
    const actions = [{ remove: { index: from, alias } }, { add: { index: to, alias } }];
    expect((await ask(node, 'POST', '/_aliases', { actions })).status).toBe(200);
    return alias;
  };

  it('from an index without a plan to one with: every document has the vectors of the new one', async () => {
    const target = await index(freshName('planned'), plan);
    await ask(node, 'PUT', `/${target}/_doc/updated`, { title: 'an old', body: 'text' });
    const alias = await moved(await index(freshName('planless')), target);
    const answers = [
      await ask(through, 'PUT', `/${alias}/_doc/put`, DOCUMENT),
      await ask(through, 'POST', `/${alias}/_doc`, DOCUMENT),
      await ask(through, 'PUT', `/${alias}/_create/created?routing=r1`, DOCUMENT),
      await ask(through, 'POST', `/${alias}/_update/updated`, { doc: DOCUMENT }),
    ];
    expect(answers.map(({ status, reason }) => [status, reason])).toEqual(
      [201, 201, 201, 200].map((status) => [status, 'PLAN_MOVED']),
    );
    for (const [i, { body }] of answers.entries()) {
      const source = await sourceOf(target, body._id, i === 2 ? 'r1' : undefined);
      expect([source.title, vectorsIn(source)]).toEqual([DOCUMENT.title, vectors(DOCUMENT)]);
    }
  });

  it('so has every item of a bulk, whose outcomes stay as they were', async () => {
    const target = await index(freshName('planned'), plan);
    const alias = await moved(await index(freshName('planless')), target);
    const lines = [
      ...[{ index: { _id: 'a', routing: 'r1' } }, DOCUMENT],
      ...[{ index: {} }, DOCUMENT],
      ...[{ delete: { _id: 'nobody' } }],
      ...[{ create: { _id: 'a', routing: 'r1' } }, DOCUMENT],
      ...[{ index: { _id: 'textless' } }, { other: 1 }],
      ...Array.from({ length: 400 }, (_, i) => [{ index: { _id: `m${i}` } }, DOCUMENT]).flat(),
    ];
    const bulk = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const { body } = await ask(through, 'POST', `/${alias}/_bulk?refresh=true`, bulk);
    const items = body.items.map((item: Answer) => Object.values(item)[0]) as Answer[];
    expect(items.slice(0, 5).map(({ status }) => status)).toEqual([201, 201, 404, 409, 201]);
    expect(items.every(({ _index }) => _index === target)).toBe(true);
    // Without a refresh of one's own: what the bulk asked for holds for its vectors, too.
    const all = { query: { match_all: {} }, size: 500, _source: dialect.sourceWithVectors };
    const { hits } = (await ask(node, 'POST', `/${target}/_search`, all)).body.hits;
    expect(hits.length).toBe(403);
    for (const { _id, _source } of hits)
      expect([_id, vectorsIn(_source)]).toEqual([
        _id,
        _id === 'textless' ? { splade: {}, splade_title: {} } : vectors(DOCUMENT),
      ]);
  });

  it('from an index with a plan to one without, or of another plan: no vector of the old plan is left', async () => {
    const planless = await index(freshName('planless'));
    const alias = await moved(await index(freshName('planned'), plan), planless);
    const { body } = await ask(through, 'PUT', `/${alias}/_doc/1`, DOCUMENT);
    expect(await sourceOf(planless, body._id)).toEqual({ ...DOCUMENT, splade: [], splade_title: [] });
    const titles: VectorPlan = { ...plan, vectors: { splade: { from: ['title'], pruning: 'none' } } };
    const target = await index(freshName('titles'), titles);
    const other = await moved(await index(freshName('planned'), plan), target);
    await ask(through, 'PUT', `/${other}/_doc/1`, DOCUMENT);
    const { splade, splade_title } = await sourceOf(target, '1');
    expect([vectorIn(splade), splade_title]).toEqual([storedFeatures(toyVector(DOCUMENT.title), dialect), []]);
  });

  it('to an index of another model: the client is told, and no vector of this one is there', async () => {
    const strange = await index(freshName('strange'), { ...plan, model: { ...plan.model, weights: 'other' } });
    const alias = await moved(await index(freshName('planned'), plan), strange);
    const { status, body } = await ask(through, 'PUT', `/${alias}/_doc/1`, DOCUMENT);
    expect([status, body.error.reason]).toEqual([409, expect.stringContaining(strange)]);
    expect(vectorsIn(await sourceOf(strange, '1'))).toEqual({ splade: {}, splade_title: {} });
  });

  it('is noticed before the write where the answer will not tell', async () => {
    const target = await index(freshName('planned'), plan);
    const alias = await moved(await index(freshName('planless')), target);
    const answer = await ask(through, 'PUT', `/${alias}/_doc/1?filter_path=result`, DOCUMENT);
    expect([answer.reason, answer.body]).toEqual([null, { result: 'created' }]);
    expect(vectorsIn(await sourceOf(target, '1'))).toEqual(vectors(DOCUMENT));
  });
});
