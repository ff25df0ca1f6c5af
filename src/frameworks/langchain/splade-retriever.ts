import { Document } from '@langchain/core/documents';
import { BaseRetriever, type BaseRetrieverInput } from '@langchain/core/retrievers';
import { ensureConfig, type RunnableConfig } from '@langchain/core/runnables';
import type { JsonObject } from '../../dialect/dialect.js';
import type { FoundText, TextSearch } from '../text-search.js';

/** What a retriever asks each time, beside LangChain's own options. */
export interface RetrieverOptions extends BaseRetrieverInput {
  /** How many documents to return at most. Default 4, as LangChain's stores do. */
  readonly k?: number;
  /** A query of the engine's own that documents must pass; it changes no score. */
  readonly filter?: JsonObject;
}

/** A found text as LangChain's document: its fields are the metadata. */
export function langchainDocument({ id, text, metadata }: FoundText): Document {
  return new Document({ id, pageContent: text, metadata });
}

/** A LangChain.js retriever over an index with sparse vectors. A run's signal ends the search, too. */
export class SpladeRetriever extends BaseRetriever {
  lc_namespace = ['termweave', 'retrievers'];
  /** Of the run under way, where one was given. */
  protected readonly signal?: AbortSignal;

  constructor(
    private readonly texts: TextSearch,
    private readonly options: RetrieverOptions = {},
  ) {
    super(options);
  }

  static override lc_name(): string {
    return 'SpladeRetriever';
  }

  override invoke(query: string, options?: Partial<RunnableConfig>): Promise<Document[]> {
    // LangChain hands `_getRelevantDocuments` neither signal nor timeout: a view of this retriever carries them.
    const { signal } = ensureConfig(options);
    const run: this = Object.create(this, { signal: { value: signal } });
    return super.invoke.call(run, query, options as RunnableConfig) as Promise<Document[]>;
  }

  override async _getRelevantDocuments(query: string): Promise<Document[]> {
    const { k = 4, filter } = this.options;
    const found = await this.texts.find(query, { k, filter, signal: this.signal });
    return found.map(langchainDocument);
  }
}
