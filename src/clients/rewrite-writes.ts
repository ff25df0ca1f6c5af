import type { JsonObject } from '../dialect/dialect.js';
import { replacing } from '../dialect/kept-passages.js';
import { Fault } from '../fault/fault.js';
import { documentText, mentionsField } from '../mapping/document-text.js';
import { fieldVectors, storedField } from '../mapping/field-vectors.js';
import { mustTakeDocuments } from '../mapping/match-plan.js';
import { passagesOfFields } from '../mapping/vector-plan.js';
import { parsePruning } from '../sparse/pruning.js';
import { type BulkItem, bulkItemsIn, documentOf } from './bulk-reader.js';
import type { SpladePlan } from './splade-plan.js';
import { type ClientRequest, inFormOf, linesIn, linesInFormOf, objectOf } from './wire-request.js';

/** An update in part that changes some of the texts that a vector is made of, and not all. */
export class PartialText extends Fault {
  readonly code = 'UPDATE_PARTIAL_TEXT';
  constructor(
    readonly field: string,
    readonly absent: readonly string[],
  ) {
    super({
      asked: `an update whose vector field ${field} must be made anew`,
      found: `its doc lacks ${absent.join(', ')}, of which the vector is made as well`,
      remedy: 'Send all the text fields of the vector in the doc, or index the whole document',
    });
  }
}

/** A text of a document and where its vector goes. */
interface Pending {
  readonly text: string;
  readonly field: string;
  readonly into: JsonObject;
  /** In an update by parts, in which an engine would merge a new vector with the old one. */
  readonly inUpdate: boolean;
}

/** Gives the documents that a client writes their vectors: one batch of texts for a request, whose encoding a signal ends. */
export class WriteRewriter {
  constructor(
    private readonly splade: SpladePlan,
    private readonly isPlanned: (index: unknown) => boolean,
  ) {}

  /** A whole document. */
  async document(request: ClientRequest, signal?: AbortSignal): Promise<ClientRequest> {
    const pending: Pending[] = [];
    const body = this.#prepare(objectOf(request.body), pending);
    await this.#encode(pending, signal);
    return { ...request, body: inFormOf(request.body, body) };
  }

  /** An update by `doc` and `upsert`; what a script writes is not seen. */
  async update(request: ClientRequest, signal?: AbortSignal): Promise<ClientRequest> {
    const pending: Pending[] = [];
    const body = this.#prepareUpdate(objectOf(request.body), pending);
    await this.#encode(pending, signal);
    return { ...request, body: inFormOf(request.body, body) };
  }

  /** The documents and updates of a `_bulk`, each for the index that its action names. */
  async bulk(request: ClientRequest, pathIndex: string | undefined, signal?: AbortSignal): Promise<ClientRequest> {
    const field = request.bulkBody === undefined ? 'body' : 'bulkBody';
    const lines = linesIn(request[field]);
    if (!lines) return request;
    const pending: Pending[] = [];
    const items = [...bulkItemsIn(lines)].map((item) => ({
      ...item,
      document: this.#prepared(item, pathIndex, pending),
    }));
    await this.#encode(pending, signal);
    const written = items.flatMap(({ lines: given, document }) =>
      document ? [given[0], inFormOf(given[1], document)] : given,
    );
    return { ...request, [field]: linesInFormOf(request[field], written) };
  }

  /** The document of an item as it will be; `undefined` where the item stays as it is. */
  #prepared(item: BulkItem, pathIndex: string | undefined, pending: Pending[]): JsonObject | undefined {
    const { action } = item;
    if (!action || !this.isPlanned(action.about._index ?? pathIndex)) return undefined;
    const document = documentOf(item);
    if (!document) return undefined;
    return action.kind === 'update' ? this.#prepareUpdate(document, pending) : this.#prepare(document, pending);
  }

  #prepareUpdate(body: JsonObject, pending: Pending[]): JsonObject {
    const { doc, upsert } = body as { doc?: JsonObject; upsert?: JsonObject };
    if (doc) this.#mustBeWhole(doc);
    return {
      ...body,
      ...(doc && { doc: this.#prepare(doc, pending, true) }),
      ...(upsert && { upsert: this.#prepare(upsert, pending) }),
    };
  }

  #mustBeWhole(doc: JsonObject): void {
    for (const [field, { from }] of Object.entries(this.splade.plan.vectors)) {
      const absent = from.filter((name) => !mentionsField(doc, name));
      if (absent.length > 0 && absent.length < from.length) throw new PartialText(field, absent);
    }
  }

  /**
   * A copy of the document that will have its vectors. One that brings a vector beside its texts gets it anew: an application that reads a
   * document, changes a text and writes it back brings that of the text before.
   */
  #prepare(source: JsonObject, pending: Pending[], inUpdate = false): JsonObject {
    const copy = { ...source };
    for (const [field, { from }] of Object.entries(this.splade.plan.vectors)) {
      if (!from.some((name) => mentionsField(source, name))) continue;
      const text = documentText(source, from);
      // What is no text is for the engine to refuse: its mapping says why.
      if (typeof text === 'string') pending.push({ text, field, into: copy, inUpdate });
    }
    return copy;
  }

  async #encode(pending: readonly Pending[], signal: AbortSignal | undefined): Promise<void> {
    if (pending.length === 0) return;
    const { index, encoder, plan, dialect } = this.splade;
    mustTakeDocuments([index].flat().join(','), plan, encoder.identity, encoder.vocabulary.fingerprint);
    const encoded = await encoder.encode(
      pending.map(({ text }) => text),
      { as: 'document', passages: passagesOfFields(plan.vectors), signal },
    );
    for (const [i, { field, into, text, inUpdate }] of pending.entries()) {
      const pruning = parsePruning(plan.vectors[field]!.pruning);
      const stored = storedField(fieldVectors(text, encoded[i]!, pruning), dialect);
      into[field] = inUpdate ? replacing(stored) : stored;
    }
  }
}
