import type { JsonObject } from '../../dialect/dialect.js';
import type { IndexDescription } from '../../engine/engine.js';
import { FieldsNotInSource } from './reindex-faults.js';

/**
 * Checks that `_source` has every field of an index's documents: both a copy and an update in part are made from it. Vector fields that are written anew
 * may be missing there.
 * @throws {@link FieldsNotInSource}
 */
export function mustHaveWholeSource({ name, mappings }: IndexDescription, vectorFields: readonly string[]): void {
  const handling = (mappings._source ?? {}) as JsonObject;
  const { enabled = true, mode, includes = [], excludes = [] } = handling;
  const left = [excludes].flat().filter((field) => !vectorFields.includes(field as string));
  const isWhole = String(enabled) === 'true' && mode !== 'disabled' && [includes].flat().length === 0;
  if (!isWhole || left.length > 0) throw new FieldsNotInSource(name, JSON.stringify(handling));
}
