import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, IndexDescription, RequestOptions } from '../../engine/engine.js';
import { AliasShowsPart } from '../ingest-faults.js';
import { FieldsNotInSource } from './reindex-faults.js';

/**
 * The index whose documents are to get vectors, by its name or by an alias of it.
 * @throws {@link AliasShowsPart} where the alias shows only some of them: what is read goes by the index's own name, so that an alias which moves
 *   meanwhile changes nothing, and would be all.
 */
export async function describeSource(
  engine: Engine,
  asked: string,
  { signal }: RequestOptions,
): Promise<IndexDescription> {
  const description = await engine.describeIndex(asked, { signal });
  if (description.shown) throw new AliasShowsPart(asked, description.name, description.shown);
  return description;
}

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
