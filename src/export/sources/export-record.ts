import { idIn, Malformed, parseObject, vectorIn } from '../read-vectors.js';
import type { TokenVector } from '../token-vector.js';

/** A line of a file to export: a vector, or a text that is still to be encoded. */
export type ExportRecord =
  | { readonly kind: 'vector'; readonly vector: TokenVector }
  | { readonly kind: 'text'; readonly id: string; readonly text: string };

/**
 * Lines with `terms` are vectors; lines with `text`, and maybe a `title`, are texts as BEIR's corpora and queries have them.
 * @throws {Malformed}
 */
export function parseExportRecord(line: string): ExportRecord {
  const object = parseObject(line);
  const id = idIn(object, '_id' in object ? '_id' : 'id');
  if ('terms' in object) return { kind: 'vector', vector: vectorIn(line, object, id, ['terms']) };
  if (typeof object.text !== 'string') throw new Malformed('neither "terms" nor "text"');
  const text = typeof object.title === 'string' ? `${object.title} ${object.text}`.trim() : object.text;
  return { kind: 'text', id, text };
}
