import type { JsonObject } from '../../dialect/dialect.js';
import { EngineRefused } from '../engine-faults.js';

/** Refuses, as an engine does, what this one has no meaning for: ignored, it would give an answer to another question. @throws {EngineRefused} */
export function refuse(reason: string): never {
  throw new EngineRefused('a search of the memory engine', 400, 'parsing_exception', reason);
}

/**
 * An object of which every key is known.
 * @param name what it is called, as `[bool]`.
 * @throws {EngineRefused}
 */
export function known(value: unknown, name: string, keys: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(`[${name}] is no object`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) refuse(`[${name}] with [${unknown}] is not what this engine speaks`);
  return value as JsonObject;
}

/** A value and a list alike, as the query language has them: nothing, one or several. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
