import type { Encoded, Encoder } from '../encoder/encoder.js';
import type { Role } from '../encoder/role.js';
import { byGroup, textsEach, textsOf, vectorsOfTexts } from '../mapping/field-texts.js';
import { passagesOfFields, type VectorField } from '../mapping/vector-plan.js';
import { type Pruning, parsePruning } from '../sparse/pruning.js';
import type { EncodedDocument, EncodedItem } from './sink.js';
import { type Refusal, refusalOf, type SourceDocument, type SourceItem } from './source.js';

export interface EncodeDocumentsOptions {
  readonly encoder: Encoder;
  /** The vector fields to make: of which text fields, pruned how. */
  readonly vectors: Readonly<Record<string, VectorField>>;
  /** Default `document`. */
  readonly as?: Role;
  /** The same texts give the same bits, also from a slow source: `EncodeOptions.wholeTasks`. */
  readonly wholeTasks?: boolean;
  readonly signal?: AbortSignal;
}

interface Task extends Pick<VectorField, 'from' | 'weights'> {
  readonly field: string;
  readonly pruning: Pruning;
}

/** A document whose texts, those of each task, are with the encoder; or a refusal that waits for its turn. */
type Waiting =
  | { readonly ok: true; readonly document: SourceDocument; readonly texts: readonly (readonly string[])[] }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Gives each document its vectors, in the order of the source. A document without text gets a vector without entries. What was
 * refused goes through in its place; so does a document with a field that is no text.
 */
export async function* encodeDocuments(
  items: AsyncIterable<SourceItem>,
  { encoder, vectors, as, wholeTasks, signal }: EncodeDocumentsOptions,
): AsyncGenerator<EncodedItem> {
  const tasks = Object.entries(vectors).map(
    ([field, { from, weights, pruning }]): Task => ({ field, from, weights, pruning: parsePruning(pruning) }),
  );
  const textsADocument = tasks.reduce((sum, task) => sum + textsEach(task), 0);
  const waiting: Waiting[] = [];

  async function* texts() {
    for await (const item of items) {
      const prepared = item.ok ? withTexts(item.document, tasks) : item;
      waiting.push(prepared);
      // A refusal sends empty texts, so that what waits is bounded by what the encoder reads ahead.
      yield* prepared.ok ? prepared.texts.flat() : new Array<string>(textsADocument).fill('');
    }
  }

  let encoded: Encoded[] = [];
  const passages = passagesOfFields(vectors);
  for await (const one of encoder.encodeStream(texts(), { as, passages, wholeTasks, signal })) {
    encoded.push(one);
    if (encoded.length < textsADocument) continue;
    const item = waiting.shift()!;
    yield item.ok ? { ok: true, document: withVectors(item.document, item.texts, encoded, tasks) } : item;
    encoded = [];
  }
}

function withTexts(document: SourceDocument, tasks: readonly Task[]): Waiting {
  const texts: (readonly string[])[] = [];
  for (const task of tasks) {
    const own = textsOf(document.source, task);
    if ('found' in own) {
      const reason = `field ${own.field} holds ${own.found}; name a field inside it, as in ${own.field}.name`;
      return { ok: false, refusal: refusalOf(document, 400, 'not_text', reason) };
    }
    texts.push(own);
  }
  return { ok: true, document, texts };
}

function withVectors(
  document: SourceDocument,
  texts: readonly (readonly string[])[],
  encoded: readonly Encoded[],
  tasks: readonly Task[],
): EncodedDocument {
  const own = byGroup(texts, encoded);
  const made = tasks.map((task, i) => [task.field, vectorsOfTexts(texts[i]!, own[i]!, task)] as const);
  const all = texts.flat();
  const kept = made.flatMap(([field, { passages }]) => (passages ? [[field, passages] as const] : []));
  return {
    ...document,
    vectors: Object.fromEntries(made.map(([field, { vector }]) => [field, vector])),
    ...(kept.length > 0 && { passages: Object.fromEntries(kept) }),
    tokens: encoded.reduce((sum, { tokens }, i) => sum + (all[i] === '' ? 0 : tokens), 0),
    truncated: encoded.some(({ truncated }) => truncated),
  };
}
