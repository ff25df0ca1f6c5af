import type { JsonObject } from '../dialect/dialect.js';
import { isObject } from '../dialect/plain-object.js';

/**
 * The settings of an index with others in the place of those that it says otherwise.
 * @param inherited nested under `index`, as `GET /index/_settings` gives them.
 * @param over flat or nested, with or without `index`; flat in the answer, for a setting may have a value and others below it (`index.knn`).
 */
export function settingsOver(inherited: JsonObject, over: JsonObject): JsonObject {
  const said = Object.fromEntries(
    flat(over, '').map(([name, value]) => [name.replace(/^(index\.)?/, 'index.'), value]),
  );
  return { ...without(inherited, '', new Set(Object.keys(said))), ...said };
}

function flat(settings: JsonObject, prefix: string): [string, unknown][] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const path = prefix + name;
    return isObject(value) ? flat(value, `${path}.`) : [[path, value]];
  });
}

function without(settings: JsonObject, prefix: string, paths: ReadonlySet<string>): JsonObject {
  const kept = Object.entries(settings).flatMap(([name, value]) => {
    const path = prefix + name;
    if (paths.has(path)) return [];
    return [[name, isObject(value) ? without(value, `${path}.`, paths) : value]];
  });
  return Object.fromEntries(kept);
}
