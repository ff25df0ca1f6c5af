import type { Engine, RequestOptions } from '../../engine/engine.js';
import { loadPeer } from '../load-peer.js';
import { type QueryEncoder, TextSearch, type TextSearchOptions } from '../text-search.js';
import type { RetrieverOptions, SpladeRetriever } from './splade-retriever.js';

/**
 * A LlamaIndex.TS retriever over an index with sparse vectors, however it was made.
 * @param encoder of the index's model. It and the engine stay the caller's to close.
 * @throws {PeerMissing} {IndexNotFound} {NoVectorPlan} {NoSuchVectorField} {ModelMismatch}
 */
export async function openRetriever(
  engine: Engine,
  index: string,
  encoder: QueryEncoder,
  options: RetrieverOptions & TextSearchOptions & RequestOptions = {},
): Promise<SpladeRetriever> {
  const peer = await loadPeer('llamaindex', '@llamaindex/core', () => import('./splade-retriever.js'));
  return new peer.SpladeRetriever(await TextSearch.open(engine, index, encoder, options), options);
}
