import type { JsonObject } from '../dialect/dialect.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Engine, RequestOptions } from '../engine/engine.js';
import { documentText } from '../mapping/document-text.js';
import { type SparseAnswer, SparseIndex } from '../retrieve/sparse-index.js';

/** What a search needs of an encoder. */
export type QueryEncoder = Pick<Encoder, 'encode' | 'vocabulary' | 'identity'>;

/** How texts of an index are read. */
export interface TextSearchOptions {
  /** The vector field. Default: the first of the index's plan. */
  readonly field?: string;
  /** The field that is the text of a found document. Default: the last of those that the vector is made from (`text` of `title, text`). */
  readonly content?: string;
  /** Told of every answer: the terms behind each score, those that a clause limit dropped, the engine's own time. */
  readonly onAnswer?: (answer: SparseAnswer) => void;
}

/** What one search asks. */
export interface TextQuery extends RequestOptions {
  /** How many documents to return at most. */
  readonly k: number;
  /** A query of the engine's own that documents must pass; it changes no score. */
  readonly filter?: JsonObject;
}

/** A document found, as frameworks want it. */
export interface FoundText {
  readonly id: string;
  readonly text: string;
  /** The document's other fields, without its vectors. */
  readonly metadata: Record<string, unknown>;
  /** The engine's `_score`: the dot product. */
  readonly score: number;
}

/** Texts of an index, found by a text: what every framework's retriever asks. Engine and encoder stay the caller's. */
export class TextSearch {
  readonly content: string;

  private constructor(
    readonly index: SparseIndex,
    private readonly encoder: QueryEncoder,
    private readonly options: TextSearchOptions,
  ) {
    this.content = options.content ?? index.plan.vectors[index.field]!.from.at(-1)!;
  }

  /** @throws {IndexNotFound} {NoVectorPlan} {NoSuchVectorField} {ModelMismatch} */
  static async open(
    engine: Engine,
    name: string,
    encoder: QueryEncoder,
    options: TextSearchOptions & RequestOptions = {},
  ): Promise<TextSearch> {
    const index = await SparseIndex.open(engine, name, options);
    index.mustMatch(encoder);
    return new TextSearch(index, encoder, options);
  }

  /** The best documents for a text, best first. */
  async find(text: string, { k, filter, signal }: TextQuery): Promise<FoundText[]> {
    const [encoded] = await this.encoder.encode([text], { as: 'query', signal });
    const answer = await this.index.search(encoded!.vector, { size: k, filter, signal });
    this.options.onAnswer?.(answer);
    return answer.hits.map(({ id, score, source }) => {
      const { [this.content]: _, ...metadata } = source;
      const read = documentText(source, [this.content]);
      return { id, score, metadata, text: typeof read === 'string' ? read : '' };
    });
  }
}
