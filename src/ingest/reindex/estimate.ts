import { traitsOf } from '../../dialect/engine-traits.js';
import type { Engine } from '../../engine/engine.js';
import { EngineSink } from '../bulk/engine-sink.js';
import { encodeDocuments } from '../encode-documents.js';
import { planInPlace } from '../in-place/prepare-fields.js';
import { entriesOf } from '../sink.js';
import type { SourceItem } from '../source.js';
import { planReindex } from './plan-reindex.js';
import type { ReindexOptions } from './reindex-options.js';
import { describeSource } from './whole-source.js';

const SAMPLE = 200;

/** What a reindex would take. All but the count is extrapolated from a sample, which a busy machine encodes more slowly. */
export interface Estimate {
  readonly dryRun: true;
  readonly source: string;
  readonly to: string;
  readonly documents: number;
  readonly sample: number;
  readonly tokens: number;
  /** Encoding alone: writing goes on beside it. */
  readonly seconds: number;
  /** Bytes to be sent, documents and vectors. An index keeps about as much, by its codec, for each copy of a shard. */
  readonly bytes: number;
  readonly nonZerosPerDocument: number;
}

export interface EstimateOptions extends ReindexOptions {
  /** Of vectors that are to be added to the source itself; `to` is its name then. */
  readonly inPlace?: boolean;
}

/**
 * Encodes a sample of an index and writes nothing.
 * @throws what the reindex itself would refuse, as far as it can be known before.
 */
export async function estimate(engine: Engine, source: string, options: EstimateOptions): Promise<Estimate> {
  const { signal, encoder } = options;
  const description = await describeSource(engine, source, { signal });
  const planned = options.inPlace
    ? await planInPlace(engine, description, options)
    : await planReindex(engine, description, options);
  const { plan, dialect, query } = planned;
  const documents = await engine.count(source, query, { signal });
  const { source: _source } = traitsOf(engine.version).wholeDocuments;
  const { hits } = await engine.search(source, { size: SAMPLE, _source, ...(query && { query }) }, { signal });
  async function* items(): AsyncGenerator<SourceItem> {
    for (const { id, routing, source: fields = {} } of hits)
      yield { ok: true, document: { id, routing, source: fields } };
  }
  await using sink = new EngineSink(engine, options.to, { dialect });
  const began = performance.now();
  const sums = { tokens: 0, bytes: 0, nonZeros: 0 };
  for await (const item of encodeDocuments(items(), { encoder, vectors: plan.vectors, signal })) {
    if (!item.ok) continue;
    sums.tokens += item.document.tokens;
    sums.bytes += sink.bytesOf(item.document);
    sums.nonZeros += entriesOf(item.document);
  }
  const factor = hits.length === 0 ? 0 : documents / hits.length;
  return {
    ...{ dryRun: true, source: description.name, to: options.to, documents, sample: hits.length },
    tokens: Math.round(sums.tokens * factor),
    seconds: Math.round(((performance.now() - began) / 1000) * factor),
    bytes: Math.round(sums.bytes * factor),
    nonZerosPerDocument: hits.length === 0 ? 0 : Math.round(sums.nonZeros / hits.length),
  };
}
