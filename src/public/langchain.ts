/**
 * `termweave/langchain`: an index with sparse vectors as a retriever and a vector store of LangChain.js, on `@langchain/core`, an optional peer.
 * @module
 */
export { DocumentsRefused, MetadataReserved, NoDenseVectors, PeerMissing } from '../frameworks/framework-faults.js';
export { openRetriever, openVectorStore } from '../frameworks/langchain/open-langchain.js';
export type { RetrieverOptions, SpladeRetriever } from '../frameworks/langchain/splade-retriever.js';
export type { AddOptions, SpladeVectorStore } from '../frameworks/langchain/splade-vector-store.js';
export type { QueryEncoder, TextSearchOptions } from '../frameworks/text-search.js';
export type { TextStoreOptions } from '../frameworks/text-store.js';
