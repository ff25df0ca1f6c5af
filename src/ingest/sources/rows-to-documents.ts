import { createHash } from 'node:crypto';
import type { JsonObject } from '../../dialect/dialect.js';
import { exactJson } from '../../dialect/exact-number.js';
import { idText } from '../../dialect/id-text.js';
import type { Refusal, SourceItem } from '../source.js';
import type { Row } from './rows.js';
import { SeenIds } from './seen-ids.js';

export interface RowOptions {
  /** The field that holds the id; without one, ids are made from the content, the same ones each time. */
  readonly id: string | undefined;
}

/** What both engines take as an id, in bytes of UTF-8. */
const LONGEST_ID = 512;

/**
 * Rows as documents. A row without a usable id is refused, for a made-up one would double it at the next run. Of rows with the same
 * id the first stands and the others are refused: batches are written side by side, and none of them may get lost unseen.
 */
export async function* rowsToDocuments(rows: AsyncIterable<Row>, { id }: RowOptions): AsyncGenerator<SourceItem> {
  const seen = new SeenIds();
  for await (const row of rows) yield documentOf(row, id, seen);
}

function documentOf(row: Row, idField: string | undefined, seen: SeenIds): SourceItem {
  const { line } = row;
  if (!row.ok) return refused({ line, type: 'unreadable_line', reason: row.reason, document: row.text });
  const { fields } = row;
  const { _id, _routing, ...source } = fields;
  const id = idField === undefined ? contentId(source) : idText(fields[idField]);
  const wrong = idProblem(id, idField);
  if (wrong) return refused({ line, type: 'missing_id', reason: wrong, document: fields });
  const first = seen.firstLineOf(id!, line);
  if (first !== undefined) {
    return refused({ id, line, type: 'duplicate_id', reason: `the id stands on line ${first} too`, document: fields });
  }
  const routing = typeof _routing === 'string' ? _routing : undefined;
  return { ok: true, document: { id: id!, routing, source, line } };
}

function refused(refusal: Omit<Refusal, 'status'>): SourceItem {
  return { ok: false, refusal: { status: 400, ...refusal } };
}

function idProblem(id: string | undefined, field: string | undefined): string | undefined {
  if (id === undefined) return `field ${field} holds no string or number`;
  if (id === '') return `field ${field} is empty`;
  if (Buffer.byteLength(id) > LONGEST_ID) return `the id has more than ${LONGEST_ID} bytes`;
  return undefined;
}

/** The same content, the same id, so that a second run replaces what the first one wrote. */
function contentId(source: JsonObject): string {
  return createHash('sha256').update(exactJson(source)).digest('base64url').slice(0, 22);
}
