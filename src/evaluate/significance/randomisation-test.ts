import { setImmediate as othersServed } from 'node:timers/promises';
import { randomBits } from './random-bits.js';

/** The result of a test on paired values. */
export interface PairedTest {
  /** Mean of `a - b`. */
  readonly difference: number;
  /** Two-sided: how often chance alone makes a difference at least as large. */
  readonly p: number;
  /** Whether every assignment of signs was tried, so that `p` is no estimate. */
  readonly exact: boolean;
}

export interface RandomisationOptions {
  /** Assignments of signs that are drawn; where there are no more than this, all are tried. Default 100,000. */
  readonly resamples?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** A test of thousands of queries takes seconds: it lets others have the thread as often as this. */
const HOLDS_THREAD_MS = 10;
/** Signs drawn between looks at the clock; about a millisecond. */
const SIGNS_PER_LOOK = 1_000_000;

/**
 * Fisher's two-sided paired randomisation test: under the null hypothesis the two systems' values of a query may be swapped, so
 * each difference has either sign with equal chance (Smucker, Allan, Carterette, CIKM 2007). A drawn test counts the observed
 * assignment among the drawn ones, so `p` is never 0. Other work of the thread goes on beside it.
 * @param a values by query; `b` in the same order.
 * @throws the signal's reason when aborted.
 */
export async function randomisationTest(
  a: readonly number[],
  b: readonly number[],
  { resamples = 100_000, seed = 1, signal }: RandomisationOptions = {},
): Promise<PairedTest> {
  const differences = Float64Array.from(a, (value, query) => value - b[query]!);
  const observed = Math.abs(sum(differences));
  // Sums of the same numbers with other signs may differ in their last bits.
  const bound = observed - 1e-12 * sum(differences.map(Math.abs));
  const assignments = 2 ** differences.length;
  const exact = assignments <= resamples;
  const count = exact ? countOfAll(differences, bound) : countOfDrawn(differences, bound, randomBits(seed));
  const extreme = await inSlices(exact ? assignments : resamples, differences.length, count, signal);
  const p = exact ? extreme / assignments : (extreme + 1) / (resamples + 1);
  return { difference: a.length === 0 ? 0 : sum(differences) / a.length, p, exact };
}

/** How many of the assignments `from` to `to` make a difference as large as the observed one. */
type Count = (from: number, to: number) => number;

async function inSlices(all: number, queries: number, count: Count, signal: AbortSignal | undefined): Promise<number> {
  const slice = Math.ceil(SIGNS_PER_LOOK / Math.max(1, queries));
  let extreme = 0;
  let since = performance.now();
  for (let from = 0; from < all; from += slice) {
    signal?.throwIfAborted();
    extreme += count(from, Math.min(all, from + slice));
    if (performance.now() - since < HOLDS_THREAD_MS) continue;
    await othersServed();
    since = performance.now();
  }
  return extreme;
}

function countOfAll(differences: Float64Array, bound: number): Count {
  return (from, to) => {
    let extreme = 0;
    for (let signs = from; signs < to; signs++) {
      let total = 0;
      for (let i = 0; i < differences.length; i++) total += (signs >>> i) & 1 ? differences[i]! : -differences[i]!;
      if (Math.abs(total) >= bound) extreme++;
    }
    return extreme;
  };
}

function countOfDrawn(differences: Float64Array, bound: number, bits: () => number): Count {
  return (from, to) => {
    let extreme = 0;
    for (let drawn = from; drawn < to; drawn++) {
      let total = 0;
      let signs = 0;
      for (let i = 0; i < differences.length; i++) {
        if (i % 32 === 0) signs = bits();
        total += signs & 1 ? differences[i]! : -differences[i]!;
        signs >>>= 1;
      }
      if (Math.abs(total) >= bound) extreme++;
    }
    return extreme;
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
