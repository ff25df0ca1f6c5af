import { InvalidArgumentError } from 'commander';
import type { JsonObject } from '../dialect/dialect.js';
import { InvalidOption } from './engine-options.js';

/** Reads a whole number of 1 or more. */
export function naturalNumber(written: string): number {
  const number = Number(written);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number of 1 or more.');
  return number;
}

/** Reads a list of names separated by commas. */
export function nameList(written: string): string[] {
  const names = written.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('It must be names separated by commas.');
  return names;
}

/** Reads a JSON object. @throws {InvalidOption} */
export function jsonObject(written: string, option: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch (cause) {
    throw new InvalidOption({ asked: option, found: String(cause), remedy: 'Write one JSON object', cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new InvalidOption({ asked: option, found: `JSON, but no object: ${written}`, remedy: 'Write one JSON object' });
}
