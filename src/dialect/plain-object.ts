import type { JsonObject } from './dialect.js';

/** Whether a value is an array, or an object that was written as a literal or parsed from JSON. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  // A prototype of another realm (a worker, a test's sandbox) is recognised by being the end of its chain.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether a value is an object and no array. */
export function isObject(value: unknown): value is JsonObject {
  return isPlain(value) && !Array.isArray(value);
}
