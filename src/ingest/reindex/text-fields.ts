import type { JsonObject } from '../../dialect/dialect.js';
import { isOwnVector } from '../../mapping/field-taken.js';
import { mappedField } from '../../mapping/mapped-field.js';
import { FieldsUnknown } from '../ingest-faults.js';
import { HASH_FIELD } from './content-hash.js';
import { mayHoldField } from './may-hold-field.js';

/** Types of fields that hold vectors or features, by their engines' documentation. */
const VECTORS = new Set([
  'rank_feature',
  'rank_features',
  'sparse_vector',
  'dense_vector',
  'rank_vectors',
  'knn_vector',
]);
/** Types of fields that people keep words in. */
const TEXTS = new Set(['text', 'match_only_text', 'search_as_you_type', 'semantic_text', 'keyword', 'wildcard']);

/** Whether texts may be read from a field of an index, by its mapping: documents may have it, and it is for no vectors. */
export function mayHoldText(mappings: JsonObject, path: string): boolean {
  if (!mayHoldField(mappings, path)) return false;
  return !isOwnVector(mappings, path) && !VECTORS.has(String(mappedField(mappings, path)?.type));
}

/** @throws {FieldsUnknown} for fields that hold no texts, which offers those for words. */
export function mustHoldTexts(mappings: JsonObject, fields: readonly string[]): void {
  const unknown = fields.filter((field) => !mayHoldText(mappings, field));
  if (unknown.length > 0) throw new FieldsUnknown('text', unknown, textFieldsIn(mappings));
}

/** The fields of an index that are for words, by their paths. */
export function textFieldsIn(mappings: JsonObject): string[] {
  return pathsOf(mappings).filter((path) => path !== HASH_FIELD && !isOwnVector(mappings, path.split('.')[0]!));
}

function pathsOf({ properties }: JsonObject): string[] {
  return Object.entries((properties ?? {}) as Record<string, JsonObject>).flatMap(([name, field]) => {
    if (TEXTS.has(String(field.type))) return [name];
    return pathsOf(field).map((inner) => `${name}.${inner}`);
  });
}
