import type { JsonObject } from '../../dialect/dialect.js';

/** Fields that hold fields; without a type it is an object. */
const OBJECTS = new Set([undefined, 'object', 'nested', 'flattened', 'flat_object']);

/**
 * Whether documents of an index may have a field, by its mapping: it is there, or where it would stand fields are not mapped as they come
 * (`dynamic` other than true, objects that are not indexed, an index without any field yet). Another form of a field (`title.keyword`) stands in
 * no document.
 * @param path names with dots between objects.
 */
export function mayHoldField(mappings: JsonObject, path: string): boolean {
  const { dynamic = true, properties } = mappings as { dynamic?: unknown; properties?: Record<string, JsonObject> };
  if (!properties || Object.hasOwn(properties, path)) return true;
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const inner = properties[path.slice(0, dot)];
    if (!inner) continue;
    return OBJECTS.has(inner.type as string) && mayHoldField({ dynamic, ...inner }, path.slice(dot + 1));
  }
  return !['true', 'strict'].includes(String(dynamic));
}
