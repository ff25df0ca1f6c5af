import type { SystemResult } from '../../../src/evaluate/evaluate-systems.js';
import { InvalidBudget, parseBudget } from '../../../src/evaluate/tuning/budget.js';
import { tune } from '../../../src/evaluate/tuning/tune.js';

const QUERIES = ['a', 'b', 'c', 'd'];

function resultOf(values: readonly number[], p50: number): SystemResult {
  const evaluation = { queries: QUERIES, values: new Map([['m', values]]), means: new Map() };
  return { evaluation, run: new Map(), cost: { p50, p95: 2 * p50, clauses: 10 * p50 } };
}

const RESULTS = new Map([
  ['splade', resultOf([0.8, 0.8, 0.8, 0.8], 10)],
  // Best where nothing may be chosen by it, and worst where it may.
  ['trap', resultOf([0.1, 1, 0.1, 1], 1)],
  ['pruned', resultOf([0.7, 0.6, 0.7, 0.6], 4)],
  ['slow', resultOf([0.6, 0.6, 0.6, 0.6], 20)],
]);
const OPTIONS = {
  measure: 'm',
  reference: 'splade',
  isDevelopment: (_: string, position: number) => position % 2 === 0,
};

describe('tune', () => {
  it('chooses by the development queries alone, and reports the others', async () => {
    const { pick, check } = await tune(RESULTS, { ...OPTIONS, budget: parseBudget('p50 < 0.5x') });
    expect(pick).toMatchObject({ name: 'pruned', development: 0.7, unseen: 0.6 });
    expect(check!.difference).toBeCloseTo(-0.2, 12);
  });

  it('takes the best without a budget, and none where none fits', async () => {
    expect((await tune(RESULTS, OPTIONS)).pick?.name).toBe('splade');
    expect(await tune(RESULTS, { ...OPTIONS, budget: parseBudget('p95 < 1') })).toMatchObject({
      pick: undefined,
      check: undefined,
    });
  });

  it('marks what nothing beats on both counts', async () => {
    const front = (await tune(RESULTS, OPTIONS)).candidates.filter(({ onFront }) => onFront);
    expect(front.map(({ name }) => name)).toEqual(['splade', 'trap', 'pruned']);
  });

  it.each(['', 'p95', 'p99 < 3', 'p95 > 3', 'p95 < -1', 'p95 < 3ms'])('refuses the budget %p', (written) => {
    expect(() => parseBudget(written)).toThrow(InvalidBudget);
  });
});
