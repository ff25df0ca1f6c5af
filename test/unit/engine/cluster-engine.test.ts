import { engineVersion } from '../../../src/dialect/engine-version.js';
import { ClusterEngine } from '../../../src/engine/cluster-engine.js';
import type { WireAnswer, WireRequest } from '../../../src/engine/engine.js';

/** An engine behind a transport that gives these answers, one after the other, the last one for good; and what it was asked. */
function scripted(version: string, ...answers: readonly WireAnswer[]) {
  const requests: WireRequest[] = [];
  const send = async (request: WireRequest) => {
    requests.push(request);
    return answers[Math.min(requests.length, answers.length) - 1]!;
  };
  const engine = new ClusterEngine('http://engine', engineVersion('opensearch', version), {
    send,
    close: async () => {},
  });
  return { engine, requests };
}

const ok = (body: unknown): WireAnswer => ({ status: 200, body });
const WHOLE = { total: 2, successful: 2, failed: 0 };
const LOST = { total: 2, successful: 1, failed: 0 };
const hit = { _id: 'a', _score: 1, sort: [1] };
const found = (_shards: object, hits: readonly object[], more = {}) =>
  ok({ took: 1, timed_out: false, _shards, hits: { hits }, ...more });

it('asks the primary shards where it is told to, by a scroll, too, and a point in time no second time', async () => {
  const pit = ok({ pit_id: 'p', _shards: WHOLE });
  const end = found(WHOLE, [], { _scroll_id: 's' });
  for (const [version, page, expected] of [
    ['3.8.0', found(WHOLE, []), undefined],
    ['2.19.5', end, '_primary'],
  ] as const) {
    const { engine, requests } = scripted(version, pit, page);
    await using snapshot = await engine.snapshot('books', { copies: 'primary' });
    for await (const _ of snapshot.pages());
    expect(requests.slice(0, 2).map(({ query }) => query?.preference)).toEqual(['_primary', expected]);
  }
});

describe('an answer that is not whole', () => {
  it.each([
    ['a search', (engine: ClusterEngine) => engine.search('books', {}), found(LOST, [hit])],
    ['a count', (engine: ClusterEngine) => engine.count('books'), ok({ count: 1, _shards: LOST })],
    ['a point in time', (engine: ClusterEngine) => engine.snapshot('books'), ok({ pit_id: 'p', _shards: LOST })],
  ])('is refused: %s', async (_, ask, answer) => {
    const { engine } = scripted('3.8.0', answer);
    await expect(ask(engine)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE', index: 'books' });
  });

  it('is refused where a scroll loses its shards and would end early', async () => {
    const pit = ok({ pit_id: 'p', _shards: WHOLE });
    const lost = found({ total: 2, successful: 0, failed: 2 }, [], { _scroll_id: 's' });
    const { engine, requests } = scripted('2.19.5', pit, found(WHOLE, [hit], { _scroll_id: 's' }), lost);
    await using snapshot = await engine.snapshot('books');
    const read = async () => {
      for await (const page of snapshot.pages()) expect(page).toHaveLength(1);
    };
    await expect(read()).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
    expect(requests[1]!.query).toMatchObject({ allow_partial_search_results: 'false' });
  });

  it('is not asked for: OpenSearch opens no point in time over a part of the shards', async () => {
    const { engine, requests } = scripted('3.8.0', ok({ pit_id: 'p', _shards: WHOLE }));
    await engine.snapshot('books');
    expect(requests[0]!.query).toMatchObject({ allow_partial_pit_creation: 'false' });
  });
});

describe('a refusal', () => {
  it('by a block is no matter of rights', async () => {
    const reason = 'index [books] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];';
    const { engine } = scripted('3.8.0', { status: 403, body: { error: { type: 'cluster_block_exception', reason } } });
    await expect(engine.bulk('books', [{ kind: 'delete', id: 'a' }])).rejects.toMatchObject({
      code: 'INDEX_BLOCKED',
      index: 'books',
      remedy: expect.stringContaining('disk'),
    });
  });

  it('of a search by point in time names the index', async () => {
    const gone = { status: 404, body: { error: { type: 'index_not_found_exception', reason: 'no such index' } } };
    const { engine } = scripted('3.8.0', ok({ pit_id: 'p', _shards: WHOLE }), gone);
    await using snapshot = await engine.snapshot('books');
    await expect(snapshot.search({})).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND', index: 'books' });
  });
});

it('an index without a name is not asked for: the path would be that of the engine itself', async () => {
  const { engine, requests } = scripted('3.8.0', ok({ name: 'node', cluster_name: 'c', version: {} }));
  await expect(engine.describeIndex('')).rejects.toMatchObject({ code: 'NAME_UNUSABLE', given: '' });
  expect(requests).toEqual([]);
});
