import { TEXTS_PER_TASK } from '../../encoder/encode-queue.js';
import type { Encoder } from '../../encoder/encoder.js';
import type { Role } from '../../encoder/role.js';
import { encodeDocuments } from '../../ingest/encode-documents.js';
import { refusalOf, type SourceItem } from '../../ingest/source.js';
import { fileSource } from '../../ingest/sources/file-source.js';
import { tokenVector } from '../token-vector.js';
import { type VectorItem, type VectorSource, withoutFirst } from '../vector-source.js';

export interface TextVectorOptions {
  /** Whether the texts are documents or queries. */
  readonly as: Role;
  /** As `parsePruning` reads it. Default: all is kept. */
  readonly pruning?: string;
  /** Called once, when the texts are read. */
  openEncoder(): Promise<Encoder>;
}

const FIELD = 'vector';

/**
 * The texts of a file (`{"_id","title","text"}`, JSON lines, CSV, TSV or Parquet, `-` for standard input), encoded and pruned on their way. A row
 * that has none of the text fields is refused, as is one without an id, or with one that came before.
 */
export function textVectors(file: string, options: TextVectorOptions): VectorSource {
  return { name: file, items: ({ skip = 0, signal }) => encoded(file, options, skip, signal) };
}

async function* encoded(
  file: string,
  { as, pruning = 'none', openEncoder }: TextVectorOptions,
  skip: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<VectorItem> {
  const source = await fileSource(file, { signal });
  const from = source.usualTextFields();
  const encoder = await openEncoder();
  // Texts that were encoded together before are so again: in other company the last bits of a weight may be others.
  const again = skip % TEXTS_PER_TASK;
  const items = withoutFirst(withText(source.items({ signal }), from), skip - again);
  const options = { encoder, vectors: { [FIELD]: { from, pruning } }, as, wholeTasks: true, signal };
  for await (const item of withoutFirst(encodeDocuments(items, options), again)) {
    if (!item.ok) yield item;
    else {
      const { id, line, vectors } = item.document;
      yield { ok: true, document: { ...tokenVector(id, vectors[FIELD]!), line } };
    }
  }
}

async function* withText(items: AsyncIterable<SourceItem>, fields: readonly string[]): AsyncGenerator<SourceItem> {
  for await (const item of items) {
    if (!item.ok || fields.some((field) => Object.hasOwn(item.document.source, field))) yield item;
    else {
      const reason = `no field ${fields.map((field) => JSON.stringify(field)).join(' or ')}`;
      yield { ok: false, refusal: refusalOf(item.document, 400, 'missing_text', reason) };
    }
  }
}
