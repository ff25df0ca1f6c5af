import type { Encoder } from '../../encoder/encoder.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { loadPeer } from '../load-peer.js';
import { type QueryEncoder, TextSearch, type TextSearchOptions } from '../text-search.js';
import { TextStore, type TextStoreOptions } from '../text-store.js';
import type { RetrieverOptions, SpladeRetriever } from './splade-retriever.js';
import type { SpladeVectorStore } from './splade-vector-store.js';

const PEER = '@langchain/core';

/**
 * A LangChain.js retriever over an index with sparse vectors, however it was made.
 * @param encoder of the index's model. It and the engine stay the caller's to close.
 * @throws {PeerMissing} {IndexNotFound} {NoVectorPlan} {NoSuchVectorField} {ModelMismatch}
 */
export async function openRetriever(
  engine: Engine,
  index: string,
  encoder: QueryEncoder,
  options: RetrieverOptions & TextSearchOptions & RequestOptions = {},
): Promise<SpladeRetriever> {
  const peer = await loadPeer('langchain', PEER, () => import('./splade-retriever.js'));
  return new peer.SpladeRetriever(await TextSearch.open(engine, index, encoder, options), options);
}

/**
 * A LangChain.js vector store over an index with sparse vectors, which is made if it is not there: texts under `text`, metadata beside
 * them, as fields of the document.
 * @param encoder of the index's model. It and the engine stay the caller's to close.
 * @throws {PeerMissing} {NoVectorPlan} {ModelMismatch} {PlanDiffers}
 */
export async function openVectorStore(
  engine: Engine,
  index: string,
  encoder: Encoder,
  options: TextStoreOptions & TextSearchOptions & RequestOptions = {},
): Promise<SpladeVectorStore> {
  const peer = await loadPeer('langchain', PEER, () => import('./splade-vector-store.js'));
  const { onAnswer: _, ...asked } = options;
  const store = await TextStore.open(engine, index, encoder, asked);
  return new peer.SpladeVectorStore(store, await TextSearch.open(engine, index, encoder, options));
}
