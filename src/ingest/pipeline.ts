import { pMapIterable } from 'p-map';
import type { JsonObject } from '../dialect/dialect.js';
import type { Outcome, RequestOptions } from '../engine/engine.js';
import type { SparseVector } from '../sparse/sparse-vector.js';
import { batchesOf } from './batches-of.js';
import { type EncodeDocumentsOptions, encodeDocuments } from './encode-documents.js';

/** A document as a source gives it. */
export interface SourceDocument {
  readonly id: string;
  readonly routing?: string;
  /** Every field of the document; nothing of the id or of the routing. */
  readonly source: JsonObject;
  /** Where it stands in its file: the line it begins on, from 1. */
  readonly line?: number;
}

/** Why something is no document of the destination, and what there is of it: a line of the dead letters. */
export interface Refusal {
  readonly id?: string;
  readonly routing?: string;
  readonly line?: number;
  /** The engine's HTTP status for the item, or 400 where it never got that far. */
  readonly status: number;
  /** The engine's error type, or one of ours: `unreadable_line`, `missing_id`, `duplicate_id`, `not_text`. */
  readonly type: string;
  readonly reason: string;
  /** The document's fields, or the text that could not be read. */
  readonly document?: unknown;
}

/** What a source yields: an item's fate is a value, so that one bad line stops nothing. */
export type SourceItem =
  | { readonly ok: true; readonly document: SourceDocument }
  | { readonly ok: false; readonly refusal: Refusal };

/** Where documents come from. Pulled: it reads on only when asked to. */
export interface Source {
  /**
   * The documents, in an order that is the same each time.
   * @throws a Fault where reading cannot go on.
   */
  items(options: RequestOptions): AsyncIterable<SourceItem>;
  /** How far it has got, between 0 and 1, where that can be known. */
  progress?(): number | undefined;
}

/** A document with its vectors, pruned, by vector field. */
export interface EncodedDocument extends SourceDocument {
  readonly vectors: Readonly<Record<string, SparseVector>>;
  /** Tokens that went through the model. */
  readonly tokens: number;
  /** Whether a text was longer than the model's limit. */
  readonly truncated: boolean;
}

/** What comes to a sink's door, or is turned away before it. */
export type EncodedItem =
  | { readonly ok: true; readonly document: EncodedDocument }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Where documents go: an index, or a file of another system's format. The pipeline hands over batches; a sink of `concurrency` 1
 * gets them one after the other, in the order of the source.
 */
export interface Sink extends AsyncDisposable {
  /** How many batches may be under way at once. */
  readonly concurrency: number;
  /** A batch is handed over when the next document would take it past this many bytes. A larger document comes alone. */
  readonly batchBytes: number;
  /** What a document adds to a batch, in bytes. */
  bytesOf(document: EncodedDocument): number;
  /**
   * Writes a batch, and resolves when every document of it is written for good or refused for good.
   * @returns the documents' fates, in their order.
   * @throws where writing cannot go on at all.
   */
  write(documents: readonly EncodedDocument[], options: RequestOptions): Promise<readonly Outcome[]>;
  /** Called once, after the last batch: makes all that was written visible. */
  finish(options: RequestOptions): Promise<void>;
}

/** The end of an item's way: written, or refused with its reason. */
export type Settled =
  | { readonly ok: true; readonly document: EncodedDocument; readonly result: string }
  | { readonly ok: false; readonly refusal: Refusal; readonly document?: EncodedDocument };

export type IngestOptions = EncodeDocumentsOptions;

/**
 * The one pipeline: source, encode, prune, sink. Each stage pulls from the one before it and holds a bounded number of documents, so
 * memory does not grow with the source, and the encoder goes on while batches are being written.
 * @returns what became of every item of the source, in its order, batch by batch. When it ends, the sink has finished.
 */
export async function* ingest(source: Source, sink: Sink, options: IngestOptions): AsyncGenerator<readonly Settled[]> {
  const { signal } = options;
  const encoded = encodeDocuments(source.items({ signal }), options);
  const batches = batchesOf(encoded, sink.batchBytes, (item) => (item.ok ? sink.bytesOf(item.document) : 0));
  yield* pMapIterable(batches, (batch) => settle(batch, sink, signal), { concurrency: sink.concurrency });
  await sink.finish({ signal });
}

async function settle(batch: readonly EncodedItem[], sink: Sink, signal: AbortSignal | undefined): Promise<Settled[]> {
  signal?.throwIfAborted();
  const documents = batch.flatMap((item) => (item.ok ? [item.document] : []));
  const outcomes = documents.length > 0 ? await sink.write(documents, { signal }) : [];
  let next = 0;
  return batch.map((item) => (item.ok ? settledAs(item.document, outcomes[next++]!) : item));
}

function settledAs(document: EncodedDocument, outcome: Outcome): Settled {
  if (outcome.ok) return { ok: true, document, result: outcome.result };
  const { status, type, reason } = outcome;
  return { ok: false, document, refusal: refusalOf(document, status, type, reason) };
}

/** A refusal of a document that was read. */
export function refusalOf(document: SourceDocument, status: number, type: string, reason: string): Refusal {
  const { id, routing, line, source } = document;
  return { id, routing, line, status, type, reason, document: source };
}
