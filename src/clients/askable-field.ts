import type { Dialect, JsonObject } from '../dialect/dialect.js';
import { mappingOfPassages } from '../dialect/kept-passages.js';
import { isObject } from '../dialect/plain-object.js';
import { ModelMismatch } from '../mapping/match-plan.js';
import type { VectorPlan } from '../mapping/vector-plan.js';

/**
 * Checks that the vector fields of an index are of the type that a dialect asks, as far as its mapping says.
 * @throws {ModelMismatch} where the index was made anew with another: `sparse_vector` for `rank_features`, or with passages kept.
 */
export function mustBeAskable(index: string, mappings: JsonObject, { vectors }: VectorPlan, dialect: Dialect): void {
  const properties = isObject(mappings.properties) ? mappings.properties : {};
  const asked = typeOf(dialect.field);
  for (const field of Object.keys(vectors)) {
    const mapping = properties[field];
    const stored = isObject(mapping) ? typeOf(mapping) : asked;
    if (stored === asked) continue;
    const remedy = 'Open the index again and wrap the client with its plan and dialect as they are now';
    throw new ModelMismatch(index, `field type of ${field}`, stored, asked, remedy);
  }
}

function typeOf(mapping: JsonObject): string {
  const inside = mappingOfPassages(mapping);
  return inside ? `${inside.type} of passages` : String(mapping.type ?? 'object');
}
