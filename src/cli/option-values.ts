import { InvalidArgumentError, Option } from 'commander';
import type { JsonObject } from '../dialect/dialect.js';
import { parseExactJson } from '../dialect/exact-number.js';
import type { Passages } from '../encoder/passages.js';
import { HEAVIEST_FIELD, isFieldWeight, LIGHTEST_FIELD } from '../mapping/field-weight.js';
import { parsePruning, unpruned } from '../sparse/pruning.js';
import { InvalidOption } from './invalid-option.js';

/** Reads a whole number of 1 or more. */
export function naturalNumber(written: string): number {
  const number = Number(written);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number of 1 or more.');
  return number;
}

/** Reads a price: a number of 0 or more, in whatever unit. */
export function priceOf(written: string): number {
  const price = Number(written);
  if (written.trim() === '' || !Number.isFinite(price) || price < 0)
    throw new InvalidArgumentError('It must be a number of 0 or more.');
  return price;
}

/** Reads a list of names separated by commas. */
export function nameList(written: string): string[] {
  const names = written.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('It must be names separated by commas.');
  return names;
}

/** {@link nameList} of text fields that are joined. */
export function joinedFieldList(written: string): string[] {
  const names = nameList(written);
  if (!names.some((name) => /\^[\d.]*$/.test(name))) return names;
  throw new InvalidArgumentError(
    'Weights, as in title^2, are for an index: `index`, `reindex` and `mapping` take them.',
  );
}

/** What `--text` names: the text fields, joined or, where any has a weight, each encoded by itself. */
export interface TextFields {
  readonly textFields: readonly string[];
  readonly textWeights?: readonly number[];
}

/** What `--text` takes, in words. */
export const TEXT_FIELDS =
  'the fields with the text, joined in this order; with weights, as in title^2,body, each encoded by itself';

/** Reads names separated by commas, with weights as in `title^2,body`: a field without one among them weighs 1. */
export function textFieldList(written: string): TextFields {
  const named = nameList(written).map((name) => /^(.*)\^([^^]*)$/.exec(name) ?? [name, name, undefined]);
  if (named.some(([, field]) => field === '')) throw new InvalidArgumentError('It must be names separated by commas.');
  const textFields = named.map(([, field]) => field!);
  if (named.every(([, , weight]) => weight === undefined)) return { textFields };
  const textWeights = named.map(([, , weight]) => weightOf(weight));
  return { textFields, textWeights };
}

function weightOf(written = '1'): number {
  const weight = Number(written);
  if (written.trim() !== '' && isFieldWeight(weight)) return weight;
  throw new InvalidArgumentError(`A weight is a number from ${LIGHTEST_FIELD} to ${HEAVIEST_FIELD}, as in title^2.`);
}

/** `--prune`, of what is said; without it all is kept. */
export function pruneOption(description: string): Option {
  return new Option('--prune <PRUNING>', description).argParser(parsePruning).default(unpruned, 'keep all');
}

/** Reads a JSON object, its numbers as they are written. @throws {InvalidOption} */
export function jsonObject(written: string, option: string): JsonObject {
  let value: unknown;
  try {
    value = parseExactJson(written, 'as written');
  } catch (cause) {
    throw new InvalidOption({ asked: option, found: String(cause), remedy: 'Write one JSON object', cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new InvalidOption({ asked: option, found: `JSON, but no object: ${written}`, remedy: 'Write one JSON object' });
}

/** One of `of` parts, counted from 0. */
export interface Slice {
  readonly part: number;
  readonly of: number;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a time as milliseconds, or a bare number. */
export function spanOf(written: string): number {
  const match = /^(\d+)(ms|s|m|h|d)?$/.exec(written);
  if (!match) throw new InvalidArgumentError('Write it as in 90s, 10m, 2h, or as a number.');
  return Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
}

/** `index.max_slices_per_pit`, the engines' default. */
const MOST_SLICES = 1024;

/** Reads I/N, counted from 1. */
export function sliceOf(written: string): Slice {
  const match = /^(\d+)\/(\d+)$/.exec(written);
  const [part, of] = [Number(match?.[1]), Number(match?.[2])];
  if (!(part >= 1 && part <= of)) throw new InvalidArgumentError('Write it as I/N, with I from 1 to N.');
  if (of > MOST_SLICES) throw new InvalidArgumentError(`Engines cut an index into ${MOST_SLICES} slices at most.`);
  return { part: part - 1, of };
}

/** Reads TOKENS/OVERLAP. */
export function passagesOption(written: string): Passages {
  const match = /^(\d+)\/(\d+)$/.exec(written);
  const [tokens, overlap] = [Number(match?.[1]), Number(match?.[2])];
  if (!(tokens >= 1 && overlap < tokens)) {
    throw new InvalidArgumentError('Write it as TOKENS/OVERLAP, as in 256/32, with the overlap below the tokens.');
  }
  return { tokens, overlap };
}
