import type { Engine, Outcome, Write } from '../../../src/engine/engine.js';
import { EngineRefused, EngineUnreachable } from '../../../src/engine/engine-faults.js';
import { writeForGood } from '../../../src/ingest/bulk/write-for-good.js';

const RETRY = { firstMs: 1, mostMs: 2, patienceMs: 60 };
const writes = (count: number): Write[] =>
  Array.from({ length: count }, (_, i) => ({ kind: 'index', id: `d${i}`, source: {} }));
const written = (id: string): Outcome => ({ ok: true, id, result: 'created' });
const refused = (id: string, status: number, type = 'error'): Outcome => ({
  ok: false,
  id,
  status,
  type,
  reason: type,
});

/** An engine that answers each bulk request by what the test says; `asked` has the ids of each request. */
function answering(answer: (ids: string[], request: number) => Outcome[]) {
  const asked: string[][] = [];
  const bulk = async (_: string, sent: readonly Write[]) => {
    const ids = sent.map(({ id }) => id);
    asked.push(ids);
    return answer(ids, asked.length);
  };
  return { engine: { bulk } as unknown as Engine, asked };
}

describe('writing for good', () => {
  it('sends again only what the engine could not take at the moment', async () => {
    const { engine, asked } = answering((ids, request) =>
      ids.map((id) => {
        if (id === 'd1') return refused(id, 400, 'mapper_parsing_exception');
        return request === 1 && id === 'd2' ? refused(id, 429) : written(id);
      }),
    );
    const outcomes = await writeForGood(engine, 'i', writes(4), { retry: RETRY });
    expect(outcomes.map(({ id, ok }) => [id, ok])).toEqual([
      ['d0', true],
      ['d1', false],
      ['d2', true],
      ['d3', true],
    ]);
    expect(asked).toEqual([['d0', 'd1', 'd2', 'd3'], ['d2']]);
  });

  it('waits for an engine that does not answer', async () => {
    const { engine, asked } = answering((ids, request) => {
      if (request < 3) throw new EngineUnreachable('http://x', 'connect ECONNREFUSED');
      return ids.map(written);
    });
    expect((await writeForGood(engine, 'i', writes(2), { retry: RETRY })).every(({ ok }) => ok)).toBe(true);
    expect(asked.length).toBe(3);
  });

  it('gives up when nothing moves, and says what the engine said last', async () => {
    const { engine } = answering((ids) => ids.map((id) => refused(id, 429, 'queue_full')));
    const run = writeForGood(engine, 'i', writes(2), { retry: RETRY });
    await expect(run).rejects.toMatchObject({
      code: 'ENGINE_STAYS_BUSY',
      reason: expect.stringContaining('queue_full'),
    });
  });

  describe('where the engine itself fails at a write', () => {
    const GIVING_UP = { retry: { ...RETRY, patienceMs: 400, failingMs: 100 }, givesUp: true };
    const failing = (id: string) => refused(id, 500, 'illegal_state_exception');

    it('gives up a document at which it always fails, and no others', async () => {
      const { engine, asked } = answering((ids) => ids.map((id) => (id === 'd1' ? failing(id) : written(id))));
      const began = Date.now();
      const outcomes = await writeForGood(engine, 'i', writes(3), GIVING_UP);
      expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
      expect(outcomes[1]).toMatchObject({ status: 500, type: 'illegal_state_exception' });
      expect(asked.slice(0, 5)).toEqual([['d0', 'd1', 'd2'], ...Array(4).fill(['d1'])]);
      expect(Date.now() - began).toBeLessThan(GIVING_UP.retry.patienceMs);
    });

    it('gives up none that is taken within the time, however often it has failed', async () => {
      const began = Date.now();
      const { engine, asked } = answering((ids) =>
        ids.map((id) => (id !== 'd0' && Date.now() - began < 60 ? failing(id) : written(id))),
      );
      const outcomes = await writeForGood(engine, 'i', writes(4), GIVING_UP);
      expect(outcomes.every(({ ok }) => ok)).toBe(true);
      expect(asked.length).toBeGreaterThan(6);
    });

    it('blames no document where it takes none of them: the engine stays busy', async () => {
      const { engine } = answering((ids) => ids.map(failing));
      await expect(writeForGood(engine, 'i', writes(3), GIVING_UP)).rejects.toMatchObject({
        code: 'ENGINE_STAYS_BUSY',
      });
    });

    it('gives up one that came alone when patience ends, and not before', async () => {
      const { engine } = answering((ids) => ids.map(failing));
      const began = Date.now();
      expect(await writeForGood(engine, 'i', writes(1), GIVING_UP)).toMatchObject([{ ok: false, status: 500 }]);
      expect(Date.now() - began).toBeGreaterThanOrEqual(GIVING_UP.retry.patienceMs);
    });

    it('gives up nothing unless it may: what must be written is waited for with all patience', async () => {
      const { engine } = answering((ids) => ids.map((id) => (id === 'd1' ? failing(id) : written(id))));
      const run = writeForGood(engine, 'i', writes(2), { retry: GIVING_UP.retry });
      await expect(run).rejects.toMatchObject({ code: 'ENGINE_STAYS_BUSY' });
    });
  });

  it('takes an error of the engine that passes for no refusal', async () => {
    const { engine } = answering((ids, request) =>
      ids.map((id) => (request < 4 ? refused(id, 500, 'null_pointer_exception') : written(id))),
    );
    const outcomes = await writeForGood(engine, 'i', writes(2), { retry: { ...RETRY, patienceMs: 60_000 } });
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
  });

  it.each([
    [
      'a node that goes away, told item by item',
      (ids: string[]) => ids.map((id) => refused(id, 500, 'node_closed_exception')),
    ],
    [
      'a shard that is not well while another takes its documents',
      (ids: string[]) => ids.map((id) => (id === 'd0' ? written(id) : refused(id, 500, 'translog_exception'))),
    ],
    ['shards that are away', (ids: string[]) => ids.map((id) => refused(id, 503, 'unavailable_shards_exception'))],
    [
      'a failure of the whole request',
      () => {
        throw new EngineRefused('POST /i/_bulk', 500, 'null_pointer_exception', 'none');
      },
    ],
  ])('gives no document up for %s, however often it is tried', async (_, answer) => {
    const { engine, asked } = answering((ids, request) => (request < 12 ? answer(ids) : ids.map(written)));
    const retry = { ...RETRY, patienceMs: 60_000, failingMs: 0 };
    const outcomes = await writeForGood(engine, 'i', writes(2), { retry, givesUp: true });
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(asked.length).toBe(12);
  });

  it('stops at once at a block on the index', async () => {
    const { engine, asked } = answering((ids) => ids.map((id) => refused(id, 429, 'cluster_block_exception')));
    await expect(writeForGood(engine, 'i', writes(2), { retry: RETRY })).rejects.toMatchObject({
      code: 'INDEX_BLOCKED',
    });
    expect(asked.length).toBe(1);
  });

  it.each([
    ['security_exception', 403, 'ENGINE_ACCESS_DENIED'],
    ['index_closed_exception', 400, 'ENGINE_REFUSED'],
    ['index_not_found_exception', 404, 'INDEX_NOT_FOUND'],
  ])('stops at once at what is about the index, not about a document: %s', async (type, status, code) => {
    const { engine, asked } = answering((ids) => ids.map((id) => refused(id, status, type)));
    await expect(writeForGood(engine, 'i', writes(2), { retry: RETRY })).rejects.toMatchObject({ code });
    expect(asked.length).toBe(1);
  });

  it('finds the one write for which the engine refuses the whole request', async () => {
    const { engine } = answering((ids) => {
      if (ids.includes('d5')) throw new EngineRefused('POST /i/_bulk', 413, 'too_large', 'too large');
      return ids.map(written);
    });
    const outcomes = await writeForGood(engine, 'i', writes(9), { retry: RETRY });
    expect(outcomes.filter(({ ok }) => !ok)).toMatchObject([{ id: 'd5', status: 413 }]);
    expect(outcomes.map(({ id }) => id)).toEqual(writes(9).map(({ id }) => id));
  });

  it('stops waiting when it is aborted', async () => {
    const { engine } = answering((ids) => ids.map((id) => refused(id, 503)));
    const controller = new AbortController();
    const retry = { firstMs: 60_000, mostMs: 60_000, patienceMs: 60_000 };
    const run = writeForGood(engine, 'i', writes(1), { retry, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await expect(run).rejects.toThrow('enough');
  });
});
