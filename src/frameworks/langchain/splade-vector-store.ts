import type { Document, DocumentInterface } from '@langchain/core/documents';
import type { EmbeddingsInterface } from '@langchain/core/embeddings';
import { VectorStore } from '@langchain/core/vectorstores';
import type { JsonObject } from '../../dialect/dialect.js';
import type { RequestOptions } from '../../engine/engine.js';
import { NoDenseVectors } from '../framework-faults.js';
import type { TextSearch } from '../text-search.js';
import type { TextStore } from '../text-store.js';
import { langchainDocument } from './splade-retriever.js';

/** A sparse index needs no embeddings: where LangChain asks for some all the same, it is told so. */
const noEmbeddings: EmbeddingsInterface = {
  embedDocuments: () => Promise.reject(new NoDenseVectors('embed documents densely')),
  embedQuery: () => Promise.reject(new NoDenseVectors('embed a query densely')),
};

/** How documents are added. */
export interface AddOptions extends RequestOptions {
  /** An id for each document, in their order. Default: the documents' own, or random ones. A known id is written over. */
  readonly ids?: readonly string[];
}

/**
 * A LangChain.js vector store over an index with sparse vectors: texts in, texts asked, no embeddings. Scores are dot products, so the
 * greater the better and without an upper bound.
 */
export class SpladeVectorStore extends VectorStore {
  declare FilterType: JsonObject;

  constructor(
    private readonly store: TextStore,
    private readonly texts: TextSearch,
  ) {
    super(noEmbeddings, {});
  }

  override _vectorstoreType(): string {
    return 'splade';
  }

  /**
   * Encodes and writes documents; when it resolves, searches see them.
   * @returns their ids, in order.
   * @throws {DocumentsRefused} where the engine took not all of them, {MetadataReserved} before any is written.
   */
  override addDocuments(documents: DocumentInterface[], { ids, signal }: AddOptions = {}): Promise<string[]> {
    const texts = documents.map(({ id, pageContent, metadata }, i) => ({
      id: ids?.[i] ?? id,
      text: pageContent,
      metadata,
    }));
    return this.store.add(texts, { signal });
  }

  /** Deletes the documents of these ids; one that is not there is as good as deleted. */
  override delete({ ids, signal }: { readonly ids: readonly string[] } & RequestOptions): Promise<void> {
    return this.store.delete(ids, { signal });
  }

  /** @param filter a query of the engine's own that documents must pass; it changes no score. */
  override async similaritySearch(query: string, k = 4, filter?: JsonObject): Promise<Document[]> {
    return (await this.similaritySearchWithScore(query, k, filter)).map(([document]) => document);
  }

  /** @returns documents, each with the engine's score: the dot product. */
  override async similaritySearchWithScore(query: string, k = 4, filter?: JsonObject): Promise<[Document, number][]> {
    const found = await this.texts.find(query, { k, filter });
    return found.map((text) => [langchainDocument(text), text.score]);
  }

  /** @throws {NoDenseVectors} */
  override addVectors(): Promise<never> {
    return Promise.reject(new NoDenseVectors('add dense vectors'));
  }

  /** @throws {NoDenseVectors} */
  override similaritySearchVectorWithScore(): Promise<never> {
    return Promise.reject(new NoDenseVectors('search by a dense vector'));
  }
}
