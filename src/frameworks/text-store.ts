import { randomUUID } from 'node:crypto';
import type { Encoder } from '../encoder/encoder.js';
import type { Engine, RequestOptions } from '../engine/engine.js';
import { indexDocuments } from '../ingest/index-documents.js';
import { type PrepareOptions, prepareIndex } from '../ingest/prepare-index.js';
import type { Refusal, Source } from '../ingest/source.js';
import type { VectorPlan } from '../mapping/vector-plan.js';
import { DocumentsRefused, MetadataReserved } from './framework-faults.js';

/** How an index is made where there is none; of one that is there, what must match. */
export interface TextStoreOptions extends Omit<PrepareOptions, 'encoder' | 'usualTextFields' | 'like' | 'signal'> {
  /** The field that a document's text is written to. Default: the last of those that the vector is made from. */
  readonly content?: string;
}

/** A text to be written. */
export interface WrittenText {
  /** Default: a random one. */
  readonly id?: string;
  readonly text: string;
  /** Fields of the document, beside its text. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

const USUAL_FIELDS = ['text'];

/**
 * Metadata is for exact filters: strings are kept as they are, not cut into words, and no string is taken for a date, so that a later
 * one cannot be refused for being none. 8,191 characters are the most that fit Lucene's 32,766 bytes at four bytes each.
 */
const METADATA_MAPPING = {
  date_detection: false,
  dynamic_templates: [{ strings: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 8191 } } }],
};

/** Texts with metadata, written to an index with their vectors. Engine and encoder stay the caller's. */
export class TextStore {
  private constructor(
    private readonly engine: Engine,
    private readonly index: string,
    private readonly options: PrepareOptions,
    private readonly content: string,
    private readonly vectors: VectorPlan['vectors'],
  ) {}

  /**
   * Opens an index, which is made if it is not there.
   * @throws {NoVectorPlan} {ModelMismatch} {PlanDiffers}
   */
  static async open(
    engine: Engine,
    index: string,
    encoder: Encoder,
    { content, ...given }: TextStoreOptions & RequestOptions = {},
  ): Promise<TextStore> {
    const like = { settings: {}, mappings: METADATA_MAPPING };
    const { signal, ...options } = { ...given, encoder, like, usualTextFields: () => USUAL_FIELDS };
    const { plan } = await prepareIndex(engine, index, { ...options, signal });
    const [first] = Object.values(plan.vectors);
    return new TextStore(engine, index, options, content ?? first!.from.at(-1)!, plan.vectors);
  }

  /**
   * Writes texts, over what has the same ids; when it resolves, searches see them.
   * @returns the ids, in order.
   * @throws {DocumentsRefused} {MetadataReserved}
   */
  async add(texts: readonly WrittenText[], options: RequestOptions = {}): Promise<string[]> {
    const documents = texts.map(({ id = randomUUID(), text, metadata }) => ({
      id,
      source: { ...this.#allowed(id, metadata), [this.content]: text },
    }));
    const refusals: Refusal[] = [];
    const deadLetters = {
      put: async (some: readonly Refusal[]) => void refusals.push(...some),
      [Symbol.asyncDispose]: async () => {},
    };
    for await (const _ of indexDocuments(this.engine, this.index, sourceOf(documents), {
      ...this.options,
      ...options,
      deadLetters,
    }));
    if (refusals.length > 0) throw new DocumentsRefused(this.index, refusals, texts.length);
    return documents.map(({ id }) => id);
  }

  /** Deletes by id; when it resolves, searches see it. */
  async delete(ids: readonly string[], options: RequestOptions = {}): Promise<void> {
    const writes = ids.map((id) => ({ kind: 'delete' as const, id }));
    const outcomes = writes.length > 0 ? await this.engine.bulk(this.index, writes, options) : [];
    const refusals = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome]));
    if (refusals.length > 0) throw new DocumentsRefused(this.index, refusals, ids.length);
    await this.engine.refresh(this.index, options);
  }

  #allowed(id: string, metadata: WrittenText['metadata']): WrittenText['metadata'] {
    const taken = Object.keys(metadata).find((key) => key === this.content || Object.hasOwn(this.vectors, key));
    if (taken !== undefined) throw new MetadataReserved(this.index, id, taken);
    return metadata;
  }
}

function sourceOf(documents: readonly { readonly id: string; readonly source: Record<string, unknown> }[]): Source {
  return {
    async *items() {
      for (const document of documents) yield { ok: true as const, document };
    },
  };
}
