import type { Hit } from '../../../src/engine/engine.js';
import { addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { checkCopy, isVerified } from '../../../src/ingest/reindex/check-copy.js';
import { prepareCopy } from '../../../src/ingest/reindex/prepare-copy.js';
import { collect } from '../../support/collect.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, plannedMappings, reindexed } from '../../support/memory-cluster.js';

const options = { encoder: hashingEncoder(), textFields: ['text'] };
const TEXTS = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`d${i}`, `coat number ${i}`]));

/** A copy that is whole, and the documents that a check of it draws first. */
async function drawnFrom() {
  const engine = new MemoryCluster();
  await filledWith(engine, 'shop', TEXTS);
  await reindexed(engine, 'shop', { to: 'copy' });
  const copy = await prepareCopy(engine, await engine.describeIndex('shop'), 'copy', options);
  const search = engine.search.bind(engine);
  let drawn: readonly Hit[] = [];
  engine.search = async (index, body) => {
    const answer = await search(index, body);
    if (drawn.length === 0) drawn = answer.hits;
    return answer;
  };
  await checkCopy(engine, copy, options);
  return { engine, copy, drawn };
}

/** Others write over documents of the copy. */
function overwrite(engine: MemoryCluster, ids: readonly string[]) {
  return engine.bulk(
    'copy',
    ids.map((id) => ({ kind: 'index', id, source: { text: 'coat of others' } })),
  );
}

describe('a copy of which others have written all documents that are drawn first', () => {
  it('is judged by others', async () => {
    const { engine, copy, drawn } = await drawnFrom();
    expect(drawn).toHaveLength(20);
    await overwrite(
      engine,
      drawn.map(({ id }) => id),
    );
    const checked = await checkCopy(engine, copy, options);
    expect(checked.vectors).toBeGreaterThan(0);
    expect(isVerified(checked, 0)).toBe(true);
  });

  it('is not right where the vectors of others are those of another text', async () => {
    const { engine, copy, drawn } = await drawnFrom();
    const first = drawn.map(({ id }) => id);
    await overwrite(engine, first);
    const others = Object.keys(TEXTS).filter((id) => !first.includes(id));
    const heavier = Object.entries(drawn[0]!.source!.splade as Record<string, number>).map(([name, w]) => [
      name,
      2 * w,
    ]);
    const splade = Object.fromEntries(heavier);
    await engine.bulk(
      'copy',
      others.map((id) => ({ kind: 'update', id, doc: { splade } })),
    );
    await expect(checkCopy(engine, copy, options)).rejects.toMatchObject({ code: 'COPY_NOT_RIGHT' });
  });
});

it('the result says how many vectors were compared, in a copy and in place', async () => {
  const engine = new MemoryCluster();
  await filledWith(engine, 'shop', TEXTS, plannedMappings());
  expect(await reindexed(engine, 'shop', { to: 'copy' })).toMatchObject({ verified: true, vectors: 20 });
  await overwrite(engine, Object.keys(TEXTS).slice(0, 30));
  const { vectors } = await reindexed(engine, 'shop', { to: 'copy' });
  expect(vectors).toBeGreaterThan(0);
  expect(vectors).toBeLessThan(20);
  const reports = await collect(addVectors(engine, 'shop', options));
  expect(reports.at(-1)).toMatchObject({ verified: true, vectors: 20 });
});

it('a copy of which others have written nearly every document is not verified, and gets no alias', async () => {
  const { engine, copy } = await drawnFrom();
  const [one, ...most] = Object.keys(TEXTS);
  await overwrite(engine, most);
  // Its vector stays: there are scores to compare.
  await engine.bulk('copy', [{ kind: 'update', id: one!, doc: { text: 'coat, changed by others' } }]);
  const checked = await checkCopy(engine, copy, options);
  expect(checked).toMatchObject({ documents: 60, vectors: 0, scores: expect.any(Number) });
  expect(checked.scores).toBeGreaterThan(0);
  expect(isVerified(checked, 0)).toBe(false);
  const moving = reindexed(engine, 'shop', { to: 'copy', alias: 'search', allowFailed: true });
  await expect(moving).rejects.toMatchObject({
    code: 'COPY_NOT_RIGHT',
    found: expect.stringContaining('written or changed by others'),
  });
  expect(engine.aliases.get('search')).toBeUndefined();
});

test('every vector field of a copy is asked, and judged by its scores', async () => {
  const perField = { ...options, textFields: ['text', 'title'], perField: true };
  const engine = new MemoryCluster();
  const properties = { text: { type: 'text' }, title: { type: 'text' } };
  await filledWith(engine, 'shop', { d1: 'red coat' }, { properties });
  await engine.bulk('shop', [{ kind: 'index', id: 'd1', source: { text: 'red coat', title: 'warm' } }]);
  await reindexed(engine, 'shop', { to: 'copy', ...perField });
  const copy = await prepareCopy(engine, await engine.describeIndex('shop'), 'copy', perField);
  const asked = new Set<string>();
  const snapshot = engine.snapshot.bind(engine);
  let wrong = '';
  engine.snapshot = async (index: string) => {
    const taken = await snapshot(index);
    const search = taken.search.bind(taken);
    return Object.assign(taken, {
      search: async (body: { query?: unknown }, of?: object) => {
        const [, field] = /"field":"(splade_\w+)\./.exec(JSON.stringify(body.query ?? {})) ?? [];
        if (field) asked.add(field);
        const answer = await search(body, of);
        if (field !== wrong) return answer;
        return { ...answer, hits: answer.hits.map((hit) => ({ ...hit, score: 2 * hit.score! })) };
      },
    });
  };
  expect(await checkCopy(engine, copy, options)).toMatchObject({ vectors: 2, scores: 2 });
  expect([...asked].sort()).toEqual(['splade_text', 'splade_title']);
  for (wrong of ['splade_text', 'splade_title'])
    await expect(checkCopy(engine, copy, options)).rejects.toMatchObject({ found: expect.stringContaining(wrong) });
});
