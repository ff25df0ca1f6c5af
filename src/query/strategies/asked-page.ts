import type { JsonObject } from '../../dialect/dialect.js';
import { nearestNumber } from '../../dialect/exact-number.js';

/** The page that a body asks for. */
export interface AskedPage {
  readonly from: number;
  readonly size: number;
}

/** The engines' default size of a page. */
const DEFAULT_SIZE = 10;

/** Where a body's page begins and how large it is, with the engines' defaults. What is no number, which engines refuse, is NaN. */
export function askedPage({ from, size }: JsonObject): AskedPage {
  return { from: numberOf(from ?? 0), size: numberOf(size ?? DEFAULT_SIZE) };
}

/** Engines take numbers as texts, too. */
function numberOf(value: unknown): number {
  const number = nearestNumber(value);
  return typeof number === 'number' || typeof number === 'string' ? Number(number) : Number.NaN;
}
