import { type Fusion, fuse } from '../../query/strategies/fusion.js';
import { bm25 } from './bm25.js';
import { splade } from './splade.js';
import type { System } from './system.js';

/** Documents that each list contributes at least. */
const WINDOW = 100;

/**
 * BM25 and SPLADE each find their best, by two searches at once, and the two lists are joined here: on any engine, without plug-in or licence.
 * @param weak the fusion for topics with weak spots, where those are to be joined otherwise.
 */
export function hybrid(fusion: Fusion, weak: Fusion = fusion): System {
  const sparse = splade();
  return {
    spec: `hybrid(${fusion.spec}${weak === fusion ? '' : ` weak ${weak.spec}`})`,
    combines: [bm25.spec, sparse.spec],
    ...(weak === fusion && { asking: { fusion } }),
    async rank(index, topic, { size, page = size, signal }) {
      const window = { size: Math.max(WINDOW, page), signal };
      const [lexical, learned] = await Promise.all([
        bm25.rank(index, topic, window),
        sparse.rank(index, topic, window),
      ]);
      const chosen = topic.weakSpots?.length ? weak : fusion;
      const fused = fuse(chosen, lexical.documents, learned.documents);
      return { documents: fused.slice(0, size), clauses: lexical.clauses + learned.clauses };
    },
  };
}
