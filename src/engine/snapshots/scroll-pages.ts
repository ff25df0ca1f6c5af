import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, Hit, WireRequest } from '../engine.js';
import { readSearchAnswer, type SearchBody } from '../search-answer.js';
import type { KeepAlive } from './keep-alive.js';
import type { OpenedPoint } from './opened-point.js';

/** Reads an index page by page through a scroll, in the order of the body's `sort`: for engines without a unique sort over a point in time. */
export async function* scrollPages(
  engine: Engine,
  { index, preference }: Pick<OpenedPoint, 'index' | 'preference'>,
  keepAlive: KeepAlive,
  body: JsonObject,
  signal: AbortSignal | undefined,
): AsyncIterable<readonly Hit[]> {
  const post = (path: string, sent: Pick<WireRequest, 'query' | 'body'>) =>
    engine.request({ method: 'POST', path, ...sent, signal }) as Promise<ScrollBody>;
  const whole = { allow_partial_search_results: 'false', ...preference };
  let answer = await keepAlive.ask((scroll) =>
    post(`/${encodeURIComponent(index)}/_search`, { query: { scroll, ...whole }, body }),
  );
  try {
    while (true) {
      // Before the loop's own test: a page of shards that are all lost is empty, and would end it as if all had been read.
      const { hits } = readSearchAnswer(answer, index);
      if (hits.length === 0) return;
      yield hits;
      const { _scroll_id: id } = answer;
      answer = await keepAlive.ask((scroll) => post('/_search/scroll', { body: { scroll, scroll_id: id } }));
    }
  } finally {
    const close = { method: 'DELETE', path: '/_search/scroll', body: { scroll_id: answer._scroll_id } } as const;
    await engine.request(close).catch(() => undefined);
  }
}

interface ScrollBody extends SearchBody {
  readonly _scroll_id: string;
}
