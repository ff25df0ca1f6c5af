import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../dialect/dialect.js';
import { isObject } from '../../dialect/plain-object.js';
import type { Outcome, Write } from '../engine.js';
import { analyzerOf } from './analyzers.js';
import { FeatureIndex } from './feature-index.js';
import { GrowingArray } from './growing-array.js';
import { TextIndex } from './text-index.js';

/** One document, and where it stands. A replaced document keeps its number, and is dead. */
export interface StoredDocument {
  readonly id: string;
  readonly routing?: string;
  /** Without its vectors, which their fields hold: see {@link MemoryIndex.sourceOf}. */
  readonly source: JsonObject;
  readonly seqNo: number;
}

interface FieldMapping {
  readonly type?: string;
  readonly analyzer?: string;
}

/** One index of the memory engine: append-only documents, postings by field. Fields are those of its mapping. */
export class MemoryIndex {
  readonly documents: StoredDocument[] = [];
  /** By document number: 1 where it is alive. */
  readonly live = new GrowingArray(new Uint8Array(16));
  readonly features = new Map<string, FeatureIndex>();
  readonly texts = new Map<string, TextIndex>();
  /** Tells it from an index that had its name before. */
  readonly uuid = randomUUID();
  /** Writes so far, whatever became of them. */
  operations = 0;
  readonly #numbers = new Map<string, number>();

  constructor(
    readonly name: string,
    readonly body: { readonly settings?: JsonObject; readonly mappings?: JsonObject },
  ) {
    const properties = (body.mappings?.properties ?? {}) as Record<string, FieldMapping>;
    for (const [field, { type, analyzer }] of Object.entries(properties)) {
      if (type === 'rank_features') this.features.set(field, new FeatureIndex());
      if (type === 'text') this.texts.set(field, new TextIndex(analyzerOf(analyzer)));
    }
  }

  get size(): number {
    return this.#numbers.size;
  }

  /** The document as it was sent. */
  sourceOf(number: number): JsonObject {
    const { source } = this.documents[number]!;
    const vectors = [...this.features].filter(([field]) => Object.hasOwn(source, field));
    return vectors.length === 0
      ? source
      : { ...source, ...Object.fromEntries(vectors.map(([field, index]) => [field, index.vectorOf(number)])) };
  }

  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  write(write: Write): Outcome {
    this.operations++;
    switch (write.kind) {
      case 'delete':
        return this.#conflictOf(write) ?? this.#delete(write);
      case 'create':
        if (this.#numbers.has(write.id))
          return refusal(write, 409, 'version_conflict_engine_exception', 'document already exists');
        return this.#put(write, write.source);
      case 'index':
        return this.#conflictOf(write) ?? this.#put(write, write.source);
      case 'update':
        return this.#update(write);
    }
  }

  #delete({ id }: Write): Outcome {
    return { ok: true, id, result: this.#bury(id) ? 'deleted' : 'not_found' };
  }

  #update(write: Write & { kind: 'update' }): Outcome {
    const number = this.#numbers.get(write.id);
    if (number === undefined) return refusal(write, 404, 'document_missing_exception', 'document missing');
    return this.#conflictOf(write) ?? this.#put(write, merged(this.sourceOf(number), write.doc));
  }

  /** The refusal of a write that is guarded by another state of the document than the one that is there. */
  #conflictOf(write: Write): Outcome | undefined {
    const number = this.#numbers.get(write.id);
    const seqNo = number === undefined ? undefined : this.documents[number]!.seqNo;
    if (write.ifSeqNo === undefined || write.ifSeqNo === seqNo) return undefined;
    return refusal(write, 409, 'version_conflict_engine_exception', `current document has seqNo [${seqNo}]`);
  }

  #put({ id, routing }: Write, source: JsonObject): Outcome {
    for (const [field] of this.features) {
      const reason = Object.hasOwn(source, field) ? FeatureIndex.refusalOf(featuresIn(source[field])) : undefined;
      if (reason) return refusal({ id }, 400, 'document_parsing_exception', reason);
    }
    const replaced = this.#bury(id);
    const number = this.documents.length;
    const kept: JsonObject = { ...source };
    for (const [field, index] of this.features) {
      const isThere = Object.hasOwn(source, field);
      index.append(isThere ? (featuresIn(source[field]) as Record<string, number>) : {});
      // The vector is in its index; what stays here says only that there is one.
      if (isThere) kept[field] = true;
    }
    this.documents.push({ id, routing, source: kept, seqNo: number });
    this.live.push(1);
    this.#numbers.set(id, number);
    for (const [field, index] of this.texts) index.add(number, textOf(source[field]));
    return { ok: true, id, result: replaced ? 'updated' : 'created' };
  }

  #bury(id: string): boolean {
    const number = this.#numbers.get(id);
    if (number === undefined) return false;
    this.live.values[number] = 0;
    return this.#numbers.delete(id);
  }
}

/** Engines index each item of a list as they do the item alone: a list of one vector is that vector. */
function featuresIn(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** An update by parts, as engines apply it (`XContentHelper.update`): objects are merged, all else is replaced. */
function merged(there: JsonObject, parts: JsonObject): JsonObject {
  const joined: Record<string, unknown> = { ...there };
  for (const [key, part] of Object.entries(parts)) {
    const old = joined[key];
    joined[key] = isObject(old) && isObject(part) ? merged(old, part) : part;
  }
  return joined;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  return value === undefined || value === null ? '' : String(value);
}

function refusal({ id }: { id: string }, status: number, type: string, reason: string): Outcome {
  return { ok: false, id, status, type, reason };
}
