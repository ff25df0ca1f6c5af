import type { Evaluation } from '../../../src/evaluate/measures/evaluate-run.js';
import { compareSystems } from '../../../src/evaluate/significance/compare-systems.js';
import { randomisationTest } from '../../../src/evaluate/significance/randomisation-test.js';
import { processorTime } from '../../support/processor-time.js';

const QUERIES = 2_000;

/** Values that no two systems share, the same on every run. */
function evaluationOf(seed: number): Evaluation {
  const values = Array.from({ length: QUERIES }, (_, query) => ((query * 7919 + seed * 104_729) % 1000) / 1000);
  return { queries: [], values: new Map([['m', values]]), means: new Map() };
}

const EVALUATIONS = new Map(['a', 'b', 'c'].map((name, i) => [name, evaluationOf(i)]));

it('leaves the thread to others while systems of many queries are compared', async () => {
  let turns = 0;
  let timer = setTimeout(function turn() {
    turns++;
    timer = setTimeout(turn);
  });
  const comparisons = await compareSystems(EVALUATIONS, { resamples: 10_000 });
  clearTimeout(timer);
  expect(comparisons.map(({ a, b }) => a + b)).toEqual(['ab', 'ac', 'bc']);
  // 60 million signs, and a turn after ten milliseconds of them.
  expect(turns).toBeGreaterThan(5);
});

it('ends when it is told to', async () => {
  const reason = new Error('enough');
  const comparing = compareSystems(EVALUATIONS, { signal: AbortSignal.abort(reason) });
  await expect(comparing).rejects.toBe(reason);
  const leaving = new AbortController();
  const started = processorTime();
  setTimeout(() => leaving.abort(reason), 50);
  await expect(compareSystems(EVALUATIONS, { resamples: 10_000_000, signal: leaving.signal })).rejects.toBe(reason);
  expect(processorTime() - started).toBeLessThan(5_000);
});

it('gives the same p, cut into slices or not', async () => {
  const [a, b] = [0, 1].map((seed) => evaluationOf(seed).values.get('m')!.slice(0, 16)) as [number[], number[]];
  const exact = await randomisationTest(a, b);
  const drawn = await randomisationTest(a, b, { resamples: 60_000 });
  expect([exact.exact, drawn.exact]).toEqual([true, false]);
  expect(Math.abs(exact.p - drawn.p)).toBeLessThan(0.02);
});
