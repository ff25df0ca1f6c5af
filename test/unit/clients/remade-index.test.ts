import { setImmediate } from 'node:timers/promises';
import { bulkItemsIn } from '../../../src/clients/bulk-reader.js';
import { PlanWatch } from '../../../src/clients/plan-watch.js';
import { watchedHandler } from '../../../src/clients/watched-handler.js';
import type { ClientRequest } from '../../../src/clients/wire-request.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import type { VectorPlan } from '../../../src/mapping/vector-plan.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { planOf } from '../../support/vector-index.js';

const encoder = hashingEncoder();
const plan: VectorPlan = { ...planOf(encoder.vocabulary.fingerprint, 'rank-features'), model: encoder.identity };
const { splade: vector } = plan.vectors;
const renamed: VectorPlan = { ...plan, vectors: { text_splade: vector! } };
const other: VectorPlan = { ...plan, model: { ...plan.model, weights: 'other' } };
const BODY = { query: { match: { text: 'fox' } } };
const HIT = { hits: { hits: [{ _id: '1', _index: 'books', _score: 1 }] } };
const NONE = { hits: { hits: [] } };

/** An engine with an index `books`, which answers by a plan and may be made anew by another; what is asked of a field that it lacks goes as `lacking` says. */
function opened(lacking: () => object) {
  const index = { plan, type: 'rank_features', readings: 0, answered: Promise.resolve(), takesNew: true };
  const clock = { now: 0 };
  const asked: string[] = [];
  const send = async ({ path, body, bulkBody }: ClientRequest) => {
    const [field] = Object.keys(index.plan.vectors);
    if (path.endsWith('_mapping')) {
      index.readings++;
      const mappings = { _meta: { termweave: index.plan }, properties: { [field!]: { type: index.type } } };
      await index.answered;
      return { books: { mappings } };
    }
    if (path.endsWith('_bulk')) {
      if (!index.takesNew && /text_splade/.test(JSON.stringify(bulkBody))) return refuse(429)();
      return bulked(bulkBody as object[], field!, asked);
    }
    const written = JSON.stringify(body ?? bulkBody);
    asked.push(/text_splade/.test(written) ? 'text_splade' : 'splade');
    return asked.at(-1) === field && !/"from":-1/.test(written) ? HIT : lacking();
  };
  const handle = watchedHandler(
    new PlanWatch({ index: 'books', plan, dialect: rankFeatures, encoder }, () => clock.now),
  );
  const ask = async (request: Partial<ClientRequest> = {}) =>
    handle({ method: 'POST', path: '/books/_search', body: BODY, ...request }, { send, look: send });
  return { index, clock, asked, ask };
}

/** What an engine says of the items of a bulk that takes no field but one; an update finds nothing. */
function bulked(lines: readonly object[], field: string, asked: string[]) {
  const items = [...bulkItemsIn(lines)].map(({ action, lines: [, document] }) => {
    const { kind, about } = action!;
    const answer = { _index: 'books', _id: about._id };
    if (kind === 'update') return { update: { ...answer, status: 404, error: { type: 'document_missing_exception' } } };
    const fields = Object.keys(document ?? {});
    asked.push(`${about._id} ${fields.at(-1)}`);
    const isTaken = fields.every((name) => name === 'text' || name === field);
    return { [kind]: isTaken ? { ...answer, status: 201 } : { ...answer, status: 400, error: { type: 'strict' } } };
  });
  return { took: 1, errors: items.some((item) => 'error' in Object.values(item)[0]!), items };
}

function refuse(statusCode: number) {
  return () => {
    throw Object.assign(new Error('refused'), { statusCode });
  };
}

it.each([400, 404])(
  'asks an index that was made anew by its new plan, where the old one is refused with %d',
  async (status) => {
    const { index, asked, ask } = opened(refuse(status));
    await ask();
    index.plan = renamed;
    for (let i = 0; i < 2; i++) expect(await ask()).toBe(HIT);
    expect(asked).toEqual(['splade', 'splade', 'text_splade', 'text_splade']);
    expect(index.readings).toBe(2);
  },
);

it('writes to it by its new plan, once', async () => {
  const { index, asked, ask } = opened(refuse(400));
  await ask();
  index.plan = renamed;
  expect(await ask({ path: '/books/_doc/1', body: { text: 'fox' } })).toBe(HIT);
  expect(asked).toEqual(['splade', 'splade', 'text_splade']);
});

it('knows a refusal among the answers of several searches, and one that the client takes as an answer', async () => {
  for (const request of [{}, { path: '/_msearch', body: undefined, bulkBody: [{ index: 'books' }, BODY] }]) {
    const refusal = { error: { type: 'parsing_exception' }, status: 400 };
    const { index, asked, ask } = opened(() => (request.path ? { responses: [refusal] } : refusal));
    await ask();
    index.plan = renamed;
    expect(await ask(request)).toBe(HIT);
    expect(asked).toEqual(['splade', 'splade', 'text_splade']);
  }
});

describe('a bulk', () => {
  const bulk = (...bulkBody: object[]) => ({ path: '/books/_bulk', body: undefined, bulkBody });

  it('has the items that the engine refused sent once more, and they alone, in their places', async () => {
    const { index, asked, ask } = opened(refuse(400));
    await ask();
    asked.length = 0;
    index.plan = renamed;
    const answer = await ask(
      bulk({ index: { _id: '1' } }, { text: 'fox' }, { delete: { _id: '2' } }, { create: {} }, { text: 'owl' }),
    );
    expect(asked).toEqual(['1 splade', '2 undefined', 'undefined splade', '1 text_splade', 'undefined text_splade']);
    const done = { _index: 'books', status: 201 };
    const items = [{ index: { ...done, _id: '1' } }, { delete: { ...done, _id: '2' } }, { create: done }];
    expect(answer).toEqual({ took: 2, errors: false, items });
    expect(index.readings).toBe(2);
  });

  it.each([
    ['the engine has too much to do', renamed, false],
    ['the new plan cuts texts elsewhere', { ...renamed, model: { ...renamed.model, maxTokens: 7 } }, true],
  ])('is answered as it was at first where %s when the refused items are sent again', async (_, remade, takesNew) => {
    const { index, ask } = opened(refuse(400));
    await ask();
    [index.plan, index.takesNew] = [remade, takesNew];
    const sent = bulk({ index: {} }, { number: 1 }, { delete: { _id: '2' } }, { index: {} }, { text: 'owl' });
    const items = [{ index: { status: 400 } }, { delete: { status: 201 } }, { index: { status: 400 } }];
    expect(await ask(sent)).toMatchObject({ took: 1, errors: true, items });
  });

  it('sends none again over what a later item did to the same document', async () => {
    const { index, asked, ask } = opened(refuse(400));
    await ask();
    asked.length = 0;
    index.plan = renamed;
    const answer = await ask(bulk({ index: { _id: '1' } }, { text: 'fox' }, { delete: { _id: '1' } }));
    expect(asked).toEqual(['1 splade', '1 undefined']);
    expect(answer).toMatchObject({ errors: true, items: [{ index: { status: 400 } }, { delete: { status: 201 } }] });
  });

  it('is handed on as it was answered where the index is the same', async () => {
    const { index, ask } = opened(refuse(400));
    await ask();
    for (let i = 0; i < 2; i++)
      expect(await ask(bulk({ update: { _id: '1' } }, { doc: { text: 'fox' } }))).toMatchObject({ errors: true });
    expect(index.readings).toBe(2);
  });
});

it('believes the later of two readings, whichever answers first', async () => {
  const { index, asked, ask } = opened(refuse(400));
  let answer = () => {};
  index.answered = new Promise((resolve) => {
    answer = resolve;
  });
  const first = ask();
  await setImmediate();
  index.plan = renamed;
  index.answered = Promise.resolve();
  const second = ask();
  await setImmediate();
  answer();
  expect(await Promise.all([first, second])).toEqual([HIT, HIT]);
  await ask();
  expect(asked).toEqual(['splade', 'splade', 'text_splade', 'text_splade']);
});

it('asks once more where the old field finds nothing, but opens no scroll twice', async () => {
  for (const [querystring, answer] of [
    [undefined, HIT],
    [{ scroll: '1m' }, NONE],
  ] as const) {
    const { index, ask } = opened(() => NONE);
    await ask();
    index.plan = renamed;
    expect(await ask({ querystring })).toBe(answer);
    expect(await ask({ querystring })).toBe(HIT);
  }
});

it('hands on what the engine refuses for another reason, and reads no oftener than every five seconds', async () => {
  const { index, clock, ask, asked } = opened(refuse(400));
  const wrong = { body: { ...BODY, from: -1 } };
  for (let i = 0; i < 3; i++) await expect(ask(wrong)).rejects.toThrow('refused');
  expect([index.readings, asked.length]).toEqual([1, 3]);
  clock.now += 5_000;
  await expect(ask(wrong)).rejects.toThrow('refused');
  expect([index.readings, asked.length]).toEqual([2, 4]);
});

it('reads the mapping again beside the requests, once a minute', async () => {
  const { index, clock, ask } = opened(() => NONE);
  await ask();
  clock.now += 59_999;
  await ask();
  expect(index.readings).toBe(1);
  index.plan = other;
  clock.now += 1;
  expect(await ask()).toBe(HIT);
  expect(index.readings).toBe(2);
  await expect(ask()).rejects.toMatchObject({ code: 'MODEL_MISMATCH', index: 'books' });
});

it('says that the plan must be read again where the vectors are in a field of another type', async () => {
  const { index, ask } = opened(refuse(400));
  await ask();
  [index.plan, index.type] = [renamed, 'sparse_vector'];
  await expect(ask()).rejects.toMatchObject({
    code: 'MODEL_MISMATCH',
    aspect: 'field type of text_splade',
    stored: 'sparse_vector',
    remedy: expect.stringContaining('wrap the client'),
  });
});

it('leaves a plan alone that has fewer fields than the index', async () => {
  const { index, asked, ask } = opened(refuse(400));
  index.plan = { ...plan, vectors: { splade: vector!, title: { from: ['title'], pruning: 'none' } } };
  for (let i = 0; i < 2; i++) await ask({ path: '/books/_doc/1', body: { text: 'fox', title: 'red' } });
  expect(asked).toEqual(['splade', 'splade']);
});
