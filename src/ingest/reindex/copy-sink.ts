import type { JsonObject } from '../../dialect/dialect.js';
import { documentKey } from '../../engine/document-key.js';
import type { Engine, Outcome, RequestOptions, Write } from '../../engine/engine.js';
import { EngineSink, type EngineSinkOptions, wholeDocument } from '../bulk/engine-sink.js';
import { type PatientEngine, patient } from '../bulk/patient-engine.js';
import type { EncodedDocument, Sink } from '../sink.js';
import { contentHash, HASH_FIELD } from './content-hash.js';
import { type CopiedDocument, copiedDocuments, refusalOfForeign } from './copied-documents.js';
import { documentsByKey } from './documents-by-key.js';
import type { PreparedCopy } from './prepare-copy.js';

export type CopySinkOptions = Omit<EngineSinkOptions, 'dialect' | 'writeOf'>;

const CONFLICT = 409;
/** A document of the copy that others change faster than it can be looked at is refused after so many attempts. */
const MOST_ATTEMPTS = 5;

/**
 * A copy as a {@link Sink}. No document of it is written over unseen: each write creates one, or replaces just the state that was looked at. Where
 * the engine says that there is another by now, it is looked at again: it may be our own, of a request whose answer was lost.
 */
export class CopySink implements Sink {
  readonly engine: PatientEngine;
  readonly #sink: EngineSink;

  constructor(
    engine: Engine,
    readonly source: string,
    readonly copy: PreparedCopy,
    options: CopySinkOptions,
  ) {
    // A bulk answer is lost when an engine is flaky, and that is when it cannot tell at once what it has.
    this.engine = patient(engine, options.retry);
    this.#sink = new EngineSink(this.engine, copy.index, {
      ...options,
      dialect: copy.dialect,
      writeOf: overWhatWasSeen,
    });
  }

  get concurrency(): number {
    return this.#sink.concurrency;
  }

  get batchDocuments(): number {
    return this.#sink.batchDocuments;
  }

  get batchBytes(): number {
    return this.#sink.batchBytes;
  }

  bytesOf(document: EncodedDocument): number {
    return this.#sink.bytesOf(document);
  }

  async write(documents: readonly EncodedDocument[], options: RequestOptions): Promise<readonly Outcome[]> {
    const outcomes = [...(await this.#sink.write(documents, options))];
    let late = documents.map((document, at) => ({ document, at })).filter(({ at }) => isConflict(outcomes[at]!));
    for (let attempt = 1; late.length > 0 && attempt < MOST_ATTEMPTS; attempt++) {
      const answers = await this.#settle(
        late.map(({ document }) => document),
        options,
      );
      late.forEach(({ at }, i) => {
        outcomes[at] = answers[i]!;
      });
      late = late.filter(({ at }) => isConflict(outcomes[at]!));
    }
    return outcomes;
  }

  finish(options: RequestOptions): Promise<void> {
    return this.#sink.finish(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#sink[Symbol.asyncDispose]();
  }

  /** Looks at the documents of the copy that stood in the way, and writes over those that are older. */
  async #settle(documents: readonly EncodedDocument[], { signal }: RequestOptions): Promise<Outcome[]> {
    const vectorFields = Object.keys(this.copy.plan.vectors);
    const [copied, originals] = await Promise.all([
      copiedDocuments(this.engine, this.copy.index, documents, vectorFields, signal),
      documentsByKey(this.engine, this.source, documents, signal),
    ]);
    const again: EncodedDocument[] = [];
    const decided = documents.map((document): Outcome | undefined => {
      const key = documentKey(document);
      const there = copied.get(key);
      const { found, _source: source = {}, _routing: routing } = originals.get(key)!;
      const latest = found ? contentHash(source, routing, vectorFields) : undefined;
      const outcome = outcomeBeside(document, there, latest);
      if (!outcome) again.push({ ...document, version: there?.version });
      return outcome;
    });
    const written = again.length > 0 ? await this.#sink.write(again, { signal }) : [];
    let next = 0;
    return decided.map((outcome) => outcome ?? written[next++]!);
  }
}

/**
 * What becomes of a document that found another one in the copy; `undefined` where it is to be written over that.
 * @param latest the hash of the document in the source now; `undefined` where it is gone.
 */
function outcomeBeside(
  document: EncodedDocument,
  there: CopiedDocument | undefined,
  latest: string | undefined,
): Outcome | undefined {
  const { id, source, version } = document;
  if (!there) return undefined;
  if (there.isForeign) {
    const { status, type, reason } = refusalOfForeign(document);
    return { ok: false, id, status, type, reason };
  }
  // Written by us, the answer lost; or brought by another process, and ours is no newer: what the source has now is to come yet.
  const isRight = there.hash === source[HASH_FIELD] || latest !== source[HASH_FIELD];
  return isRight ? { ok: true, id, result: version ? 'updated' : 'created' } : undefined;
}

/** Past the ingest pipelines: the source's own has been over the document before. */
function overWhatWasSeen(document: EncodedDocument, vectors: JsonObject): Write {
  const whole = wholeDocument(document, vectors);
  return { ...whole, kind: document.version ? whole.kind : 'create', pipeline: '_none' };
}

function isConflict(outcome: Outcome): boolean {
  return !outcome.ok && outcome.status === CONFLICT && outcome.type === 'version_conflict_engine_exception';
}
