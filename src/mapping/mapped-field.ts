import type { JsonObject } from '../dialect/dialect.js';

/**
 * How a field is mapped, or another form of one (`title.keyword`); `undefined` where it is not.
 * @param path names with dots between objects; a field may have dots in its own name, too (`subobjects: false`).
 */
export function mappedField({ properties, fields: forms }: JsonObject, path: string): JsonObject | undefined {
  const fields = { ...(forms as JsonObject | undefined), ...(properties as JsonObject | undefined) } as Mappings;
  if (Object.hasOwn(fields, path)) return fields[path];
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const name = path.slice(0, dot);
    const inner = Object.hasOwn(fields, name) ? mappedField(fields[name]!, path.slice(dot + 1)) : undefined;
    if (inner) return inner;
  }
  return undefined;
}

type Mappings = Record<string, JsonObject>;
