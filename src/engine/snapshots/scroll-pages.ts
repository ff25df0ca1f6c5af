import type { JsonObject } from '../../dialect/dialect.js';
import { KEEP_ALIVE } from '../../dialect/engine-traits.js';
import type { Engine, Hit } from '../engine.js';
import { readSearchAnswer, type SearchBody } from '../search-answer.js';
import type { OpenedPoint } from './opened-point.js';

/** Reads an index page by page through a scroll, in the order of the body's `sort`: for engines without a unique sort over a point in time. */
export async function* scrollPages(
  engine: Engine,
  { index, preference }: Pick<OpenedPoint, 'index' | 'preference'>,
  body: JsonObject,
  signal: AbortSignal | undefined,
): AsyncIterable<readonly Hit[]> {
  const path = `/${encodeURIComponent(index)}/_search`;
  const first = {
    method: 'POST',
    path,
    query: { scroll: KEEP_ALIVE, allow_partial_search_results: 'false', ...preference },
    body,
    signal,
  } as const;
  let answer = (await engine.request(first)) as ScrollBody;
  try {
    while (true) {
      // Before the loop's own test: a page of shards that are all lost is empty, and would end it as if all had been read.
      const { hits } = readSearchAnswer(answer, index);
      if (hits.length === 0) return;
      yield hits;
      const next = { scroll: KEEP_ALIVE, scroll_id: answer._scroll_id };
      answer = (await engine.request({ method: 'POST', path: '/_search/scroll', body: next, signal })) as ScrollBody;
    }
  } finally {
    const close = { method: 'DELETE', path: '/_search/scroll', body: { scroll_id: answer._scroll_id } } as const;
    await engine.request(close).catch(() => undefined);
  }
}

interface ScrollBody extends SearchBody {
  readonly _scroll_id: string;
}
