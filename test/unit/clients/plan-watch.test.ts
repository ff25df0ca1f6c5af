import { PlanWatch } from '../../../src/clients/plan-watch.js';
import { watchedHandler } from '../../../src/clients/watched-handler.js';
import type { ClientRequest } from '../../../src/clients/wire-request.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { planOf } from '../../support/vector-index.js';

const encoder = hashingEncoder();
const plan = { ...planOf(encoder.vocabulary.fingerprint, 'rank-features'), model: encoder.identity };
const other = { ...plan, model: { ...plan.model, weights: 'other' } };
const mapping = (termweave: unknown) => ({ mappings: { _meta: { termweave } } });
const hitsOf = (...indices: string[]) => ({
  hits: { hits: indices.map((_index) => ({ _id: '1', _index, _score: 1 })) },
});
const BODY = { query: { match: { text: 'fox' } } };

/** A watched handler, what it sent, and the mapping that the engine answers, which may be changed. */
function watched() {
  const splade = { index: ['books', 'papers'], plan, dialect: rankFeatures, encoder };
  const clock = { now: 0 };
  const handle = watchedHandler(new PlanWatch(splade, () => clock.now));
  const sent: string[] = [];
  const engine = { mappings: { 'books-1': mapping(plan) } as object | Error, answer: hitsOf('books-1') as object };
  const send = async ({ path }: ClientRequest) => {
    sent.push(path);
    if (!path.endsWith('_mapping')) return engine.answer;
    if (engine.mappings instanceof Error) throw engine.mappings;
    return engine.mappings;
  };
  const ask = (request: Partial<ClientRequest> = {}) =>
    handle({ method: 'POST', path: '/books/_search', body: BODY, ...request }, { send, look: send });
  return { ask, sent, engine, clock };
}

const MAPPING = '/books,papers/_mapping';

it('reads the mappings once, and once more where another index answers', async () => {
  const { ask, sent, engine } = watched();
  for (let i = 0; i < 3; i++) await ask();
  expect(sent).toEqual(['/books/_search', MAPPING, '/books/_search', '/books/_search']);
  engine.mappings = { 'books-2': mapping(plan) };
  engine.answer = hitsOf('books-2');
  for (let i = 0; i < 2; i++) await ask();
  expect(sent.slice(4)).toEqual(['/books/_search', MAPPING, '/books/_search']);
});

it('reads the mappings once for answers that come at the same time', async () => {
  const { ask, sent } = watched();
  await Promise.all([ask(), ask(), ask()]);
  expect(sent.filter((path) => path === MAPPING)).toHaveLength(1);
});

it('sends nothing to an index of another model once it is known, until the alias moves back', async () => {
  const { ask, sent, engine } = watched();
  await ask();
  engine.mappings = { 'books-2': mapping(other) };
  engine.answer = hitsOf('books-2');
  await expect(ask()).rejects.toMatchObject({ code: 'MODEL_MISMATCH', index: 'books-2' });
  sent.length = 0;
  await expect(ask()).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  await expect(ask({ path: '/books/_doc/1', body: { text: 'fox' } })).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  expect(sent).toEqual([MAPPING, MAPPING]);
  engine.mappings = { 'books-1': mapping(plan) };
  engine.answer = hitsOf('books-1');
  expect(await ask()).toEqual(hitsOf('books-1'));
});

it('goes on refusing where the engine does not say whether the alias has moved back', async () => {
  const { ask, sent, engine } = watched();
  engine.mappings = { 'books-2': mapping(other) };
  await expect(ask()).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  sent.length = 0;
  for (const statusCode of [503, 403, undefined]) {
    engine.mappings = Object.assign(new Error('no answer'), { statusCode });
    const write = ask({ path: '/books/_doc/1', body: { text: 'fox' } });
    await expect(write).rejects.toMatchObject({ code: 'MODEL_MISMATCH', index: 'books-2' });
  }
  expect(sent).toEqual([MAPPING, MAPPING, MAPPING]);
});

it('sees an index in which the vector finds nothing, and looks for it no oftener than every ten seconds', async () => {
  const { ask, sent, engine, clock } = watched();
  await ask();
  engine.answer = hitsOf();
  for (let i = 0; i < 3; i++) await ask();
  expect(sent.filter((path) => path === MAPPING)).toHaveLength(2);
  engine.mappings = { 'books-2': mapping(other) };
  clock.now += 10_000;
  await expect(ask()).rejects.toMatchObject({ code: 'MODEL_MISMATCH', index: 'books-2' });
});

it('sees it also where others answer beside it', async () => {
  const { ask, engine, clock } = watched();
  const lines = [{ index: 'books' }, BODY, { index: 'notes' }, BODY];
  const search = () => ask({ path: '/_msearch', body: undefined, bulkBody: lines });
  engine.answer = { responses: [hitsOf('books-1'), hitsOf('notes')] };
  await search();
  engine.mappings = { 'books-2': mapping(other) };
  engine.answer = { responses: [hitsOf(), hitsOf('notes')] };
  clock.now += 10_000;
  await expect(search()).rejects.toMatchObject({ code: 'MODEL_MISMATCH', index: 'books-2' });
});

it('leaves to the caller what no mapping says, and what may not be read', async () => {
  const { ask, sent, engine } = watched();
  engine.mappings = { 'books-1': { mappings: {} } };
  await ask();
  engine.answer = hitsOf('books-2');
  engine.mappings = Object.assign(new Error('forbidden'), { statusCode: 403 });
  for (let i = 0; i < 3; i++) expect(await ask()).toEqual(engine.answer);
  expect(sent.filter((path) => path === MAPPING)).toHaveLength(2);
});

it('reads again a minute after one who may not, for another may', async () => {
  const { ask, engine, clock } = watched();
  engine.mappings = Object.assign(new Error('forbidden'), { statusCode: 403 });
  await ask();
  engine.mappings = { 'books-1': mapping(other) };
  clock.now += 59_999;
  expect(await ask()).toEqual(engine.answer);
  clock.now += 1;
  await expect(ask()).rejects.toMatchObject({ code: 'MODEL_MISMATCH', index: 'books-1' });
});

it('does not mind the other indices of a bulk', async () => {
  const { ask, sent, engine } = watched();
  engine.answer = { items: [{ index: { _index: 'books-1' } }, { index: { _index: 'notes' } }] };
  const bulkBody = [{ index: { _index: 'books' } }, { text: 'fox' }, { index: { _index: 'notes' } }, { text: 'owl' }];
  for (let i = 0; i < 3; i++) await ask({ path: '/_bulk', body: undefined, bulkBody });
  expect(sent).toEqual(['/_bulk', MAPPING, '/_bulk', '/_bulk']);
});

it('leaves a bulk of other indices, or of deletions, alone whatever the planned names stand for', async () => {
  const { ask, sent, engine } = watched();
  engine.mappings = { 'books-2': mapping(other) };
  await expect(ask()).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  sent.length = 0;
  const notes = (action: object) =>
    ask({ path: '/notes/_bulk', body: undefined, bulkBody: 'delete' in action ? [action] : [action, { text: 'owl' }] });
  engine.answer = { items: [{ index: { _index: 'notes' } }] };
  expect(await notes({ index: {} })).toBe(engine.answer);
  engine.answer = { items: [{ index: { _index: 'drafts' } }] };
  expect(await notes({ index: { _index: 'drafts' } })).toBe(engine.answer);
  expect(await notes({ delete: { _index: 'books', _id: '1' } })).toBe(engine.answer);
  expect(sent).toEqual(['/notes/_bulk', '/notes/_bulk', '/notes/_bulk']);
});
