import type { JsonObject } from '../dialect/dialect.js';

/**
 * The vector fields, by their paths, that an engine which rebuilds `_source` from the index gives back otherwise than they were given: of cosine
 * similarity, `dense_vector`'s default, it keeps the vector of length 1 and the length, whose product is off in the last digit. Written once more, it is
 * off once more. Source: DenseVectorFieldMapper.
 */
export function normalisedVectors({ properties = {} }: JsonObject): string[] {
  return Object.entries(properties as Record<string, JsonObject>).flatMap(([name, field]) => {
    if (field.type === 'dense_vector') return isNormalised(field) ? [name] : [];
    return normalisedVectors(field).map((inner) => `${name}.${inner}`);
  });
}

/** Other similarities, and vectors that are not indexed, are kept as they come. */
function isNormalised({ similarity = 'cosine', index = true }: JsonObject): boolean {
  return similarity === 'cosine' && String(index) === 'true';
}
