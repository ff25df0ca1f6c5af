import type { Dialect, JsonObject } from '../../dialect/dialect.js';
import { FeatureWriter } from '../../dialect/feature-writer.js';
import { bulkBytes } from '../../engine/bulk-format.js';
import type { Engine, Outcome, RequestOptions, Write } from '../../engine/engine.js';
import { type FieldVectors, storedField, writtenField } from '../../mapping/field-vectors.js';
import type { EncodedDocument, Sink } from '../sink.js';
import type { RetryPolicy } from './backoff.js';
import { BulkPace } from './bulk-pace.js';
import { type PatientEngine, patient } from './patient-engine.js';
import { writeForGood } from './write-for-good.js';

export interface EngineSinkOptions {
  readonly dialect: Dialect;
  /** The largest bulk request. Default 4 MB: beyond that, engines only take longer over each. */
  readonly batchBytes?: number;
  /** The most bulk requests under way at once. Default 2: one is being written while the next is on its way. */
  readonly concurrency?: number;
  readonly retry?: RetryPolicy;
  readonly onRetry?: (writes: number, reason: string) => void;
  /**
   * The write of a document; {@link wholeDocument} unless given. `vectors` has its vector fields, each vector (also those of kept passages) written already: a `JsonText`, to
   * be put into the write as it is. Its features are read by `.value`, those of all fields by `withTextsRead(vectors)`.
   */
  readonly writeOf?: (document: EncodedDocument, vectors: JsonObject) => Write;
}

const DEFAULT_BATCH_BYTES = 4_000_000;

/** An index as a {@link Sink}: documents with their vectors, by bulk requests with explicit ids. */
export class EngineSink implements Sink {
  readonly engine: PatientEngine;
  readonly concurrency: number;
  /** Beyond that, requests do not get quicker, only later. */
  readonly batchDocuments = 1000;
  readonly #pace: BulkPace;
  readonly #options: EngineSinkOptions;
  readonly #writer: FeatureWriter;
  /** The write of each document on its way: sizing and sending see the same one. */
  readonly #writes = new WeakMap<EncodedDocument, Write>();

  constructor(
    engine: Engine,
    readonly index: string,
    options: EngineSinkOptions,
  ) {
    this.engine = patient(engine, options.retry);
    this.#options = options;
    this.#writer = new FeatureWriter(options.dialect);
    this.concurrency = options.concurrency ?? 2;
    this.#pace = new BulkPace({
      mostBytes: options.batchBytes ?? DEFAULT_BATCH_BYTES,
      mostAtOnce: this.concurrency,
    });
  }

  /** As large as the engine takes at the moment. */
  get batchBytes(): number {
    return this.#pace.bytes;
  }

  bytesOf(document: EncodedDocument): number {
    return bulkBytes(this.#writeOf(document));
  }

  write(documents: readonly EncodedDocument[], { signal }: RequestOptions): Promise<readonly Outcome[]> {
    const { onRetry } = this.#options;
    const writes = documents.map((document) => this.#writeOf(document));
    return writeForGood(this.engine, this.index, writes, {
      ...{ signal, retry: this.engine.retry, onRetry, pace: this.#pace, givesUp: true },
    });
  }

  async finish({ signal }: RequestOptions): Promise<void> {
    await this.engine.refresh(this.index, { signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The engine belongs to the caller.
  }

  #writeOf(document: EncodedDocument): Write {
    let write = this.#writes.get(document);
    if (!write) {
      const { writeOf = wholeDocument } = this.#options;
      write = writeOf(
        document,
        vectorFields(document, (field) => writtenField(field, this.#writer)),
      );
      this.#writes.set(document, write);
    }
    return write;
  }
}

/** Writes a document with its vectors; where its version is given, only over that one. */
export function wholeDocument({ id, routing, source, version }: EncodedDocument, vectors: JsonObject) {
  const guard = version && { ifSeqNo: version.seqNo, ifPrimaryTerm: version.primaryTerm };
  return { kind: 'index' as const, id, routing, source: { ...source, ...vectors }, ...guard };
}

/** The vector fields of a document as its source carries them. */
export function storedFields(document: EncodedDocument, dialect: Dialect): JsonObject {
  return vectorFields(document, (field) => storedField(field, dialect));
}

function vectorFields({ vectors, passages }: EncodedDocument, written: (field: FieldVectors) => unknown): JsonObject {
  const fields = Object.entries(vectors).map(
    ([field, vector]) => [field, written({ vector, passages: passages?.[field] })] as const,
  );
  return Object.fromEntries(fields);
}
