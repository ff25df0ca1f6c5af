import type { Evaluation } from '../measures/evaluate-run.js';
import { holm } from './holm.js';
import { type PairedTest, type RandomisationOptions, randomisationTest } from './randomisation-test.js';

/** Two systems on one measure. */
export interface Comparison extends PairedTest {
  readonly measure: string;
  readonly a: string;
  readonly b: string;
  /** `p` after Holm's correction over all pairs of systems on this measure. */
  readonly adjusted: number;
}

/**
 * Tests every pair of systems on every measure; the correction counts the pairs of one measure as one family. Seconds for each pair where there
 * are thousands of queries; other work of the thread goes on beside it. @throws the signal's reason when aborted.
 */
export async function compareSystems(
  evaluations: ReadonlyMap<string, Evaluation>,
  options: RandomisationOptions = {},
): Promise<Comparison[]> {
  const measures = new Set([...evaluations.values()].flatMap(({ values }) => [...values.keys()]));
  const comparisons: Comparison[] = [];
  for (const measure of measures) comparisons.push(...(await compareOn(measure, evaluations, options)));
  return comparisons;
}

async function compareOn(
  measure: string,
  evaluations: ReadonlyMap<string, Evaluation>,
  options: RandomisationOptions,
): Promise<Comparison[]> {
  const systems = [...evaluations.keys()];
  const pairs = systems.flatMap((a, i) => systems.slice(i + 1).map((b) => ({ a, b })));
  const valuesOf = (system: string) => evaluations.get(system)!.values.get(measure)!;
  const tests: PairedTest[] = [];
  for (const { a, b } of pairs) tests.push(await randomisationTest(valuesOf(a), valuesOf(b), options));
  const adjusted = holm(tests.map(({ p }) => p));
  return tests.map((test, i) => ({ measure, ...pairs[i]!, ...test, adjusted: adjusted[i]! }));
}
