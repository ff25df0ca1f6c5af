import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { spladeHandler } from '../../../src/clients/splade-handler.js';
import type { ClientRequest } from '../../../src/clients/wire-request.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { hybrid } from '../../../src/query/strategies/hybrid.js';
import { rescore } from '../../../src/query/strategies/rescore.js';
import type { Strategy } from '../../../src/query/strategies/strategy.js';
import type { TranslationReport } from '../../../src/query/translation/translation-report.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { planOf } from '../../support/vector-index.js';

const BODY = { query: { match: { text: 'fox' } } };
const HIT = { hits: { hits: [{ _id: '1', _score: 1 }] }, timed_out: false, _shards: { total: 2, failed: 0 } };

async function searched(request: Partial<ClientRequest>, strategy?: Strategy, answers: readonly object[] = []) {
  const encoder = hashingEncoder();
  const plan = planOf(encoder.vocabulary.fingerprint, 'rank-features');
  const reports: TranslationReport[] = [];
  const onTranslated = (report: TranslationReport) => void reports.push(report);
  const handle = spladeHandler({ index: 'books', plan, dialect: rankFeatures, encoder, strategy, onTranslated });
  const sent: ClientRequest[] = [];
  const answer = await handle({ method: 'POST', path: '/books/_search', body: BODY, ...request }, async (changed) => {
    sent.push(changed);
    return answers[sent.length - 1] ?? HIT;
  });
  return { sent, answer, report: reports[0]! };
}

describe('lists that the client would join', () => {
  it.each([
    ['filter_path', 'ids and scores', { querystring: { filter_path: 'hits.hits._source' } }],
    ['a scroll', 'one list', { querystring: { scroll: '1m' } }],
    ['an asynchronous search', 'later', { path: '/books/_async_search' }],
  ])('are not asked for beside %s, and the report says so', async (_, reason, request) => {
    const { sent, report } = await searched(request, hybrid({ by: 'client' }));
    expect(sent.map(({ body }) => body)).toEqual([BODY]);
    expect([report.translated, report.refused]).toEqual([
      [],
      [{ path: 'query', reason: expect.stringContaining(reason) }],
    ]);
  });

  it('are not asked for in several searches beside filter_path', async () => {
    const request = { path: '/_msearch', querystring: { filter_path: 'responses.hits.total' }, body: undefined };
    const bulkBody = [{ index: 'books' }, BODY];
    const answer = { responses: [{ hits: { total: 3 } }] };
    const {
      sent,
      report,
      answer: given,
    } = await searched({ ...request, bulkBody }, hybrid({ by: 'client' }), [answer]);
    expect([sent[0]!.bulkBody, given, report.refused.length]).toEqual([bulkBody, answer, 1]);
  });

  it('say so where one of them ran out of time or lost shards', async () => {
    const late = { ...HIT, timed_out: true, _shards: { total: 2, failed: 1, failures: [{ shard: 0 }] } };
    const { answer } = await searched({}, hybrid({ by: 'client' }), [HIT, late]);
    expect(answer).toMatchObject({ timed_out: true, _shards: { failed: 1 } });
  });

  it('have the size of the query string, which wins over that of the body', async () => {
    const request = { querystring: { size: 1 }, body: { ...BODY, size: 10 } };
    const many = { hits: { hits: ['1', '2', '3'].map((id) => ({ _id: id, _score: 1 })) } };
    const { answer } = await searched(request, hybrid({ by: 'client' }), [many, many]);
    expect((answer as typeof many).hits.hits).toHaveLength(1);
  });
});

/** A body that tells by an error that it was not read to its end, as those of HTTP clients do. */
class BrokenOff extends Readable {
  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    callback(error ?? new Error('aborted'));
  }
}

describe('an answer that is none', () => {
  const refusal = { error: { type: 'index_not_found_exception' }, status: 404 };

  it.each([
    ['words', [refusal, HIT]],
    ['vector', [HIT, refusal]],
  ])('of the list by %s is that of both, where the client takes refusals as answers', async (_, answers) => {
    const { answer } = await searched({}, hybrid({ by: 'client' }), answers);
    expect(answer).toBe(refusal);
  });

  it('is that of several searches, too', async () => {
    const several = { path: '/_msearch', body: undefined, bulkBody: [{ index: 'books' }, BODY] };
    const { answer } = await searched(several, hybrid({ by: 'client' }), [refusal]);
    expect(answer).toBe(refusal);
  });

  it.each([
    ['one search', {}, 2],
    ['several', { path: '/_msearch', body: undefined, bulkBody: [{ index: 'books' }, BODY] }, 1],
  ])('but a stream (%s) is refused and closed, for lists are joined by what is in them', async (_, request, count) => {
    const streams = Array.from({ length: count }, () => new BrokenOff({ read() {} }));
    const joined = searched(request, hybrid({ by: 'client' }), streams);
    await expect(joined).rejects.toMatchObject({ code: 'LISTS_STREAMED' });
    await setImmediate();
    expect(streams.map(({ destroyed }) => destroyed)).toEqual(streams.map(() => true));
  });
});

describe('a body that cannot be read', () => {
  const broken = { query: { match: { text: 'fox', title: 'owl' } } };
  const long = { query: { match: { text: 'fox '.repeat(30_000) } } };

  it.each([
    [broken, 'BODY_INVALID', 'query.match'],
    [long, 'QUERY_TEXT_TOO_LONG', 'query.match'],
  ])('is sent as it is, for the engine to say what it thinks of it', async (body, reason, path) => {
    const { sent, report } = await searched({ body });
    expect(sent[0]!.body).toBe(body);
    expect(report).toMatchObject({ translated: [], refused: [{ path, reason }] });
  });

  it('does not end the searches beside it', async () => {
    const lines = [{ index: 'books' }, broken, { index: 'books' }, BODY];
    const { sent } = await searched({ path: '/_msearch', body: undefined, bulkBody: lines });
    const [, first, , second] = sent[0]!.bulkBody as object[];
    expect(first).toEqual(broken);
    expect(JSON.stringify(second)).toContain('rank_feature');
  });
});

it.each([
  ['query', { scroll: '1m' }],
  ['retriever', { scroll: '1m' }],
  ['query', { search_pipeline: 'tenants' }],
] as const)('lists that the engine would join (%s) are not asked for beside %j', async (by, querystring) => {
  const { sent, report } = await searched({ querystring }, hybrid({ by }));
  expect([sent[0]!.body, report.translated, report.refused.length]).toEqual([BODY, [], 1]);
});

it('a scroll takes no rescore, and the report says so', async () => {
  const { sent, report } = await searched({ querystring: { scroll: '1m' } }, rescore());
  expect([sent[0]!.body, report.refused.length]).toEqual([BODY, 1]);
});

it('a builder that writes itself is read from what it writes', async () => {
  const builder = { query: { _match: 'fox', toJSON: () => ({ match: { text: 'fox' } }) } };
  const { sent, report } = await searched({ body: builder });
  expect(report.translated).toHaveLength(1);
  expect(JSON.stringify(sent[0]!.body)).toContain('rank_feature');
});

describe('a header of several searches', () => {
  const isTranslated = async (header: unknown, path = '/_msearch') => {
    const bulkBody = [header, JSON.stringify(BODY)];
    const { sent } = await searched({ path, body: undefined, bulkBody });
    return (sent[0]!.bulkBody as string[])[1]!.includes('rank_feature');
  };

  it.each([{ index: 'books' }, { indices: ['books'] }, { index: 'notes', indices: 'books' }])(
    'says which index: %j',
    async (header) => expect(await isTranslated(header)).toBe(true),
  );

  it.each([{ indices: 'notes' }, { indices: 'books', index: 'notes' }, { index: [] }, { index: '' }])(
    'says that it is another, or all: %j',
    async (header) => expect(await isTranslated(header, '/books/_msearch')).toBe(false),
  );

  it.each(['', '7', 'null', '{"index":'])('that cannot be read is for the engine: %s', async (header) => {
    expect(await isTranslated(header, '/books/_msearch')).toBe(false);
  });
});

describe('parameters', () => {
  it.each([
    ['as a text', { querystring: 'size=0' }],
    ['behind the path', { path: '/books/_search?size=0' }],
  ])('are read where they stand %s', async (_, request) => {
    const { sent, report } = await searched(request);
    expect(report.left).toMatchObject([{ reason: 'counts' }]);
    expect(sent[0]).toMatchObject({ path: '/books/_search', querystring: { size: '0' } });
  });

  it('change nothing of what is translated', async () => {
    const { sent, report } = await searched({ path: '/books/_search?preference=a%26b' });
    expect(report.translated).toHaveLength(1);
    expect(sent[0]!.querystring).toEqual({ preference: 'a&b' });
  });
});
