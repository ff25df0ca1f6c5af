import type { JsonObject } from '../dialect/dialect.js';
import { replacing } from '../dialect/kept-passages.js';
import { isObject } from '../dialect/plain-object.js';
import { Fault } from '../fault/fault.js';
import { mentionsField } from '../mapping/document-text.js';
import { byGroup, textsOf, vectorsOfTexts } from '../mapping/field-texts.js';
import { storedField } from '../mapping/field-vectors.js';
import { mustTakeDocuments } from '../mapping/match-plan.js';
import { passagesOfFields } from '../mapping/vector-plan.js';
import { parsePruning } from '../sparse/pruning.js';
import { type BulkItem, bulkItemsIn, documentOf } from './bulk-reader.js';
import type { SpladePlan } from './splade-plan.js';
import { type ClientRequest, inFormOf, linesIn, linesInFormOf, objectIn } from './wire-request.js';

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

/** The texts of a document that a vector is made of, and where it goes. */
interface Pending {
  readonly texts: readonly string[];
  readonly field: string;
  readonly into: JsonObject;
  /** In an update by parts, in which an engine would merge a new vector with the old one. */
  readonly inUpdate: boolean;
}

/** Makes a copy of an object that will have the vectors of its texts, which wait in `pending`. */
type Prepare = (given: JsonObject, pending: Pending[]) => JsonObject;

/** A bulk with its vectors, and whether any of its documents, which deletions have none of, is for a planned index. */
interface WrittenBulk {
  readonly request: ClientRequest;
  readonly isPlanned: boolean;
}

/**
 * Gives the documents that a client writes their vectors: one batch of texts for a request, whose encoding a signal ends. What gets no vector is
 * sent as it was given, and so is what is no document: the engine says what it thinks of it.
 */
export class WriteRewriter {
  constructor(
    private readonly splade: SpladePlan,
    private readonly isPlanned: (index: unknown) => boolean,
  ) {}

  /** A whole document. */
  document(request: ClientRequest, signal?: AbortSignal): Promise<ClientRequest> {
    return this.#written(request, this.#prepareDocument, signal);
  }

  /** An update by `doc` and `upsert`; what a script writes is not seen. @throws {PartialText} */
  update(request: ClientRequest, signal?: AbortSignal): Promise<ClientRequest> {
    return this.#written(request, this.#prepareUpdate, signal);
  }

  /** The documents and updates of a `_bulk`, each for the index that its action names. @throws {PartialText} */
  async bulk(request: ClientRequest, pathIndex: string | undefined, signal?: AbortSignal): Promise<WrittenBulk> {
    const field = request.bulkBody === undefined ? 'body' : 'bulkBody';
    const lines = linesIn(request[field]);
    if (!lines) return { request, isPlanned: false };
    const pending: Pending[] = [];
    const items = [...bulkItemsIn(lines)].map((item) => {
      const { kind = 'delete', about } = item.action ?? {};
      const isPlanned = kind !== 'delete' && this.isPlanned(about?._index ?? pathIndex);
      const document = isPlanned ? this.#prepared(item, pending) : undefined;
      return { given: item.lines, isPlanned, document };
    });
    await this.#encode(pending, signal);
    const written = items.flatMap(({ given, document }) =>
      document ? [given[0], inFormOf(given[1], document)] : given,
    );
    return {
      request: { ...request, [field]: linesInFormOf(request[field], written) },
      isPlanned: items.some(({ isPlanned }) => isPlanned),
    };
  }

  async #written(request: ClientRequest, prepare: Prepare, signal: AbortSignal | undefined): Promise<ClientRequest> {
    const given = objectIn(request.body);
    if (!given) return request;
    const pending: Pending[] = [];
    const body = prepare(given, pending);
    await this.#encode(pending, signal);
    return pending.length === 0 ? request : { ...request, body: inFormOf(request.body, body) };
  }

  /** The document of an item as it will be; `undefined` where the item stays as it is. */
  #prepared(item: BulkItem, pending: Pending[]): JsonObject | undefined {
    const document = documentOf(item);
    if (!document) return undefined;
    const before = pending.length;
    const prepare = item.action?.kind === 'update' ? this.#prepareUpdate : this.#prepareDocument;
    const prepared = prepare(document, pending);
    return pending.length === before ? undefined : prepared;
  }

  readonly #prepareDocument: Prepare = (source, pending) => this.#prepare(source, pending);

  /** A `doc` that is no object is the engine's to refuse. */
  readonly #prepareUpdate: Prepare = (body, pending) => {
    const { doc, upsert } = body;
    if (isObject(doc)) this.#mustBeWhole(doc);
    return {
      ...body,
      ...(isObject(doc) && { doc: this.#prepare(doc, pending, true) }),
      ...(isObject(upsert) && { upsert: this.#prepare(upsert, pending) }),
    };
  };

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
    for (const [field, made] of Object.entries(this.splade.plan.vectors)) {
      if (!made.from.some((name) => mentionsField(source, name))) continue;
      const texts = textsOf(source, made);
      // What is no text is for the engine to refuse: its mapping says why.
      if (!('found' in texts)) pending.push({ texts, field, into: copy, inUpdate });
    }
    return copy;
  }

  async #encode(pending: readonly Pending[], signal: AbortSignal | undefined): Promise<void> {
    if (pending.length === 0) return;
    const { index, encoder, plan, dialect } = this.splade;
    mustTakeDocuments([index].flat().join(','), plan, encoder.identity, encoder.vocabulary.fingerprint);
    const all = pending.map(({ texts }) => texts);
    const encoded = await encoder.encode(all.flat(), {
      as: 'document',
      passages: passagesOfFields(plan.vectors),
      signal,
    });
    const own = byGroup(all, encoded);
    for (const [i, { field, into, texts, inUpdate }] of pending.entries()) {
      const { weights, pruning } = plan.vectors[field]!;
      const stored = storedField(vectorsOfTexts(texts, own[i]!, { weights, pruning: parsePruning(pruning) }), dialect);
      into[field] = inUpdate ? replacing(stored) : stored;
    }
  }
}
