import { ExactNumber } from '../dialect/exact-number.js';
import { passagesIn } from '../dialect/kept-passages.js';
import { isObject } from '../dialect/plain-object.js';
import { valuesAt } from '../mapping/document-text.js';
import { refusalOf, type SourceDocument, type SourceItem } from './source.js';

/**
 * Turns away documents that hold something else where their vectors are to stand, for it would be written over. Vectors that are there, as in
 * what `dump` gives, are made anew.
 */
export async function* untakenFields(
  items: AsyncIterable<SourceItem>,
  vectorFields: readonly string[],
): AsyncGenerator<SourceItem> {
  for await (const item of items) {
    const taken = item.ok
      ? vectorFields.find((field) => !valuesAt(item.document.source, field).every(isStored))
      : undefined;
    yield item.ok && taken !== undefined ? refused(item.document, taken) : item;
  }
}

function refused(document: SourceDocument, field: string): SourceItem {
  const reason = `field ${field} is for the vector, and holds something else; name another vector field with --field`;
  return { ok: false, refusal: refusalOf(document, 400, 'field_taken', reason) };
}

/** Whether a value is one that termweave may have stored: a vector, or a passage with its own. */
function isStored(value: unknown): boolean {
  return isObject(value) && passagesIn(value).every(({ vector }) => Object.values(vector).every(isNumber));
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || value instanceof ExactNumber;
}
