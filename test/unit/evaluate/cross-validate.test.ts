import type { SystemResult } from '../../../src/evaluate/evaluate-systems.js';
import { crossValidate } from '../../../src/evaluate/tuning/cross-validate.js';

const QUERIES = ['a', 'b', 'c', 'd'];

function resultOf(values: readonly number[]): SystemResult {
  const evaluation = { queries: QUERIES, values: new Map([['m', values]]), means: new Map() };
  return { evaluation, run: new Map(), cost: { p50: 1, p95: 1, clauses: 1 } };
}

describe('crossValidate', () => {
  it('answers each fold by what was best on the others', async () => {
    // On b and d `odd` is best, so a and c, which it fails, are answered by it; and the other way round.
    const results = new Map([
      ['odd', resultOf([0, 1, 0, 1])],
      ['even', resultOf([0.75, 0, 0.75, 0])],
    ]);
    const { picks, unseen, references } = await crossValidate(results, 'm', { folds: 2, references: ['odd'] });
    expect(picks).toEqual(['odd', 'even']);
    expect(unseen).toBe(0);
    expect(references.get('odd')).toMatchObject({ mean: 0.5, difference: -0.5 });
  });

  it('is the best candidate itself where that is best everywhere', async () => {
    const results = new Map([
      ['worse', resultOf([0.1, 0.2, 0.1, 0.2])],
      ['best', resultOf([0.2, 0.3, 0.4, 0.5])],
    ]);
    const { picks, unseen } = await crossValidate(results, 'm', { folds: 4, references: ['worse'] });
    expect(picks).toEqual(['best', 'best', 'best', 'best']);
    expect(unseen).toBeCloseTo(0.35, 12);
  });
});
