import type { Outcome, RequestOptions } from '../engine/engine.js';
import type { PassageVector } from '../mapping/field-vectors.js';
import type { SparseVector } from '../sparse/sparse-vector.js';
import type { Delivered, Item, Refusal, SourceDocument } from './source.js';

/** A document with its vectors, pruned, by vector field. */
export interface EncodedDocument extends SourceDocument {
  readonly vectors: Readonly<Record<string, SparseVector>>;
  /** Where the index keeps passages: those of each vector field, pruned. */
  readonly passages?: Readonly<Record<string, readonly PassageVector[]>>;
  /** Tokens that went through the model. */
  readonly tokens: number;
  /** Whether a text was longer than the model's limit. */
  readonly truncated: boolean;
}

/** Entries of all vectors of a document. */
export function entriesOf({ vectors, passages }: EncodedDocument): number {
  const kept = passages && Object.values(passages).flatMap((ofField) => ofField.map(({ vector }) => vector));
  return (kept ?? Object.values(vectors)).reduce((sum, { size }) => sum + size, 0);
}

/** What comes to an index's door, or is turned away before it. */
export type EncodedItem = Item<EncodedDocument>;

/**
 * Where documents go: an index, or a file of another system's format. The pipeline hands over batches; a sink of `concurrency` 1
 * gets them one after the other, in the order of the source.
 */
export interface Sink<D extends Delivered = EncodedDocument> extends AsyncDisposable {
  /** How many batches may be under way at once. */
  readonly concurrency: number;
  /** A batch is handed over when the next document would take it past this many bytes; it may change meanwhile. A larger document comes alone. */
  readonly batchBytes: number;
  /** Documents of a batch at most, however small they are. Default 250. */
  readonly batchDocuments?: number;
  /** What a document adds to a batch, in bytes. */
  bytesOf(document: D): number;
  /**
   * Writes a batch, and resolves when every document of it is written for good or refused for good.
   * @returns the documents' fates, in their order.
   * @throws where writing cannot go on at all.
   */
  write(documents: readonly D[], options: RequestOptions): Promise<readonly Outcome[]>;
  /** Called once, after the last batch: makes all that was written visible. */
  finish(options: RequestOptions): Promise<void>;
}

/** The end of an item's way: written, or refused with its reason. */
export type Settled<D = EncodedDocument> =
  | { readonly ok: true; readonly document: D; readonly result: string }
  | { readonly ok: false; readonly refusal: Refusal; readonly document?: D };
