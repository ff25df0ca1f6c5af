/**
 * `termweave/llamaindex`: an index with sparse vectors as a retriever of LlamaIndex.TS, on `@llamaindex/core`, an optional peer.
 * @module
 */
export { PeerMissing } from '../frameworks/framework-faults.js';
export { openRetriever } from '../frameworks/llamaindex/open-llamaindex.js';
export type { RetrieverOptions, SpladeRetriever } from '../frameworks/llamaindex/splade-retriever.js';
export type { QueryEncoder, TextSearchOptions } from '../frameworks/text-search.js';
