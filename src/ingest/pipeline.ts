import { pMapIterable } from 'p-map';
import type { Outcome } from '../engine/engine.js';
import { batchesOf } from './batches-of.js';
import { type EncodeDocumentsOptions, encodeDocuments } from './encode-documents.js';
import type { EncodedDocument, EncodedItem, Settled, Sink } from './sink.js';
import { refusalOf, type Source } from './source.js';

export type IngestOptions = EncodeDocumentsOptions;

/**
 * The one pipeline: source, encode, prune, sink. Each stage pulls from the one before it and holds a bounded number of documents, so
 * memory does not grow with the source, and the encoder goes on while batches are being written.
 * @returns what became of every item of the source, in its order, batch by batch. When it ends, the sink has finished.
 */
export async function* ingest(source: Source, sink: Sink, options: IngestOptions): AsyncGenerator<readonly Settled[]> {
  const { signal } = options;
  const encoded = encodeDocuments(source.items({ signal }), options);
  const batches = batchesOf(
    encoded,
    () => sink.batchBytes,
    (item) => (item.ok ? sink.bytesOf(item.document) : 0),
  );
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
