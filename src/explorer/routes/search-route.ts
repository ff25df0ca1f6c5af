import { z } from 'zod';
import { bm25 } from '../../evaluate/systems/bm25.js';
import { hybrid } from '../../evaluate/systems/hybrid.js';
import { searchedIndexOf } from '../../evaluate/systems/searched-index.js';
import { splade } from '../../evaluate/systems/splade.js';
import type { System } from '../../evaluate/systems/system.js';
import { documentText } from '../../mapping/document-text.js';
import { rrf } from '../../query/strategies/fusion.js';
import type { SparseIndex } from '../../retrieve/sparse-index.js';
import { type Explored, indexOf } from '../explored.js';

const SIZE = 10;
/** Hits whose ranks are known, so that a document that comes from below has a place to come from. */
const DEPTH = 50;

export const searchRequest = z.object({ text: z.string().min(1).max(10_000) });

const SYSTEMS: Readonly<Record<string, System>> = { bm25, splade: splade(), hybrid: hybrid(rrf()) };

/** `POST /api/search`: the answers of BM25, SPLADE and both, and the body that asks for SPLADE's. */
export async function searchRoute(explored: Explored, { text }: z.infer<typeof searchRequest>, signal: AbortSignal) {
  const index = indexOf(explored);
  const [encoded] = await explored.encoder.encode([text], { as: 'query', signal });
  const topic = { id: 'explored', text, vector: encoded!.vector };
  const columns = [];
  for (const [system, { rank }] of Object.entries(SYSTEMS)) {
    const began = performance.now();
    const { documents } = await rank(searchedIndexOf(index), topic, { size: DEPTH, signal });
    columns.push({ system, milliseconds: performance.now() - began, hits: documents });
  }
  const shown = new Set(columns.flatMap(({ hits }) => hits.slice(0, SIZE).map(({ id }) => id)));
  const { query, dropped } = index.query(encoded!.vector);
  return {
    columns,
    size: SIZE,
    documents: await textsOf(index, [...shown], signal),
    body: { query, size: SIZE },
    dropped: dropped.map(({ token }) => token),
  };
}

/** The fields that vectors were made from, by document. */
async function textsOf(
  index: SparseIndex,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Record<string, string[]>> {
  const from = index.plan.vectors[index.field]!.from;
  const body = { query: { ids: { values: ids } }, size: ids.length, _source: [...from] };
  const { hits } = ids.length === 0 ? { hits: [] } : await index.engine.search(index.name, body, { signal });
  const texts = hits.map(({ id, source = {} }): [string, string[]] => [
    id,
    from
      .map((field) => documentText(source, [field]))
      .filter((text): text is string => typeof text === 'string' && text !== ''),
  ]);
  return Object.fromEntries(texts);
}
