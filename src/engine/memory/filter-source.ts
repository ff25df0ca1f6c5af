import type { JsonObject } from '../../dialect/dialect.js';

/**
 * The part of a document that a search's `_source` asks for: `true`, `false`, a path or several, or `includes` and `excludes`. A path with
 * dots goes into objects and the objects of arrays, `*` stands for anything, and what is under a path belongs to it. An object that
 * loses all it had is left out.
 */
export function filterSource(source: JsonObject, filter: unknown): JsonObject {
  if (filter === undefined || filter === true) return source;
  const given = Array.isArray(filter) || typeof filter === 'string' ? { includes: filter } : (filter as JsonObject);
  const includes = given.includes === undefined ? undefined : patternsOf(given.includes);
  return kept(source, '', { includes, excludes: patternsOf(given.excludes ?? []) });
}

interface Patterns {
  /** `undefined`: everything. */
  readonly includes: readonly RegExp[] | undefined;
  readonly excludes: readonly RegExp[];
}

function kept(object: JsonObject, under: string, patterns: Patterns): JsonObject {
  const entries = Object.entries(object).flatMap(([name, value]) => {
    const path = `${under}${name}`;
    if (matches(patterns.excludes, path)) return [];
    const isWanted = !patterns.includes || matches(patterns.includes, path);
    const below = isWanted ? { ...patterns, includes: undefined } : patterns;
    const part = partOf(value, `${path}.`, below);
    return part === undefined ? [] : [[name, part] as const];
  });
  return Object.fromEntries(entries);
}

/** A value without what is not wanted; `undefined` where nothing of it is. */
function partOf(value: unknown, under: string, patterns: Patterns): unknown {
  if (Array.isArray(value)) {
    const parts = value.map((item) => partOf(item, under, patterns)).filter((part) => part !== undefined);
    return parts.length > 0 || value.length === 0 ? parts : undefined;
  }
  if (typeof value !== 'object' || value === null) return patterns.includes ? undefined : value;
  const part = kept(value as JsonObject, under, patterns);
  return Object.keys(part).length > 0 || (!patterns.includes && Object.keys(value).length === 0) ? part : undefined;
}

function matches(patterns: readonly RegExp[], path: string): boolean {
  return patterns.some((pattern) => pattern.test(path));
}

function patternsOf(paths: unknown): RegExp[] {
  return [paths].flat().map((path) => {
    const parts = String(path).split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')); // biome-ignore format: one rule
    return new RegExp(`^${parts.join('.*')}$`, 's');
  });
}
