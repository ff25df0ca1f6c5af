import { pMapIterable } from 'p-map';
import type { Outcome, RequestOptions } from '../engine/engine.js';
import { batchesOf } from './batches-of.js';
import { type EncodeDocumentsOptions, encodeDocuments } from './encode-documents.js';
import type { Settled, Sink } from './sink.js';
import { type Delivered, type Item, refusalOf, type Source } from './source.js';
import { untakenFields } from './untaken-fields.js';

export type IngestOptions = EncodeDocumentsOptions;

/** Documents of a batch at most, where a sink does not say. */
const BATCH_DOCUMENTS = 250;

/**
 * The one pipeline: source, encode, prune, sink. Each stage pulls from the one before it and holds a bounded number of documents, so
 * memory does not grow with the source, and the encoder goes on while batches are being written.
 * @returns what became of every item of the source, in its order, batch by batch. When it ends, the sink has finished.
 */
export function ingest(source: Source, sink: Sink, options: IngestOptions): AsyncGenerator<readonly Settled[]> {
  const items = untakenFields(source.items(options), Object.keys(options.vectors));
  return deliver(encodeDocuments(items, options), sink, options);
}

/**
 * The pipeline from where documents have their vectors: those of the encoder, of another index, or of another system's files. However it ends, no
 * write is under way any more: what is done about a run that broke off is not undone by its own last batches.
 */
export async function* deliver<D extends Delivered>(
  items: AsyncIterable<Item<D>>,
  sink: Sink<D>,
  { signal }: RequestOptions,
): AsyncGenerator<readonly Settled<D>[]> {
  const batches = batchesOf(
    items,
    () => sink.batchBytes,
    (item) => (item.ok ? sink.bytesOf(item.document) : 0),
    sink.batchDocuments ?? BATCH_DOCUMENTS,
  );
  const { concurrency } = sink;
  // Of a sink that writes several at once, one more is ready when a place becomes free; a file is quicker than what it is made from.
  const backpressure = concurrency > 1 ? concurrency + 1 : 1;
  const underWay = new Set<Promise<unknown>>();
  const write = async (batch: readonly Item<D>[]) => {
    const settling = settle(batch, sink, signal);
    underWay.add(settling);
    return settling.finally(() => underWay.delete(settling));
  };
  try {
    yield* pMapIterable(batches, write, { concurrency, backpressure });
  } finally {
    await Promise.allSettled(underWay);
  }
  await sink.finish({ signal });
}

async function settle<D extends Delivered>(
  batch: readonly Item<D>[],
  sink: Sink<D>,
  signal: AbortSignal | undefined,
): Promise<Settled<D>[]> {
  signal?.throwIfAborted();
  const documents = batch.flatMap((item) => (item.ok ? [item.document] : []));
  const outcomes = documents.length > 0 ? await sink.write(documents, { signal }) : [];
  let next = 0;
  return batch.map((item) => (item.ok ? settledAs(item.document, outcomes[next++]!) : item));
}

function settledAs<D extends Delivered>(document: D, outcome: Outcome): Settled<D> {
  if (outcome.ok) return { ok: true, document, result: outcome.result };
  const { status, type, reason } = outcome;
  return { ok: false, document, refusal: refusalOf(document, status, type, reason) };
}
