import type { QueryBundle } from '@llamaindex/core/query-engine';
import { BaseRetriever } from '@llamaindex/core/retriever';
import { type Metadata, type NodeWithScore, TextNode } from '@llamaindex/core/schema';
import { extractText } from '@llamaindex/core/utils';
import type { JsonObject } from '../../dialect/dialect.js';
import type { TextSearch } from '../text-search.js';

/** What a retriever asks each time. */
export interface RetrieverOptions {
  /** How many nodes to return at most. Default 10. */
  readonly similarityTopK?: number;
  /** A query of the engine's own that documents must pass; it changes no score. */
  readonly filter?: JsonObject;
}

/** A LlamaIndex.TS retriever over an index with sparse vectors: text nodes, scored by the dot product. */
export class SpladeRetriever extends BaseRetriever {
  constructor(
    private readonly texts: TextSearch,
    private readonly options: RetrieverOptions = {},
  ) {
    super();
  }

  override async _retrieve({ query }: QueryBundle): Promise<NodeWithScore[]> {
    const { similarityTopK = 10, filter } = this.options;
    const found = await this.texts.find(extractText(query), { k: similarityTopK, filter });
    return found.map(({ id, text, metadata, score }) => ({
      node: new TextNode<Metadata>({ id_: id, text, metadata }),
      score,
    }));
  }
}
