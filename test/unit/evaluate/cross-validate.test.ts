import type { SystemResult } from '../../../src/evaluate/evaluate-systems.js';
import { parseBudget } from '../../../src/evaluate/tuning/budget.js';
import { crossValidate } from '../../../src/evaluate/tuning/cross-validate.js';
import { tune } from '../../../src/evaluate/tuning/tune.js';

const QUERIES = ['a', 'b', 'c', 'd'];

function resultOf(values: readonly number[], clauses = 1): SystemResult {
  const evaluation = { queries: QUERIES, values: new Map([['m', values]]), means: new Map() };
  return { evaluation, run: new Map(), cost: { p50: 1, p95: 1, clauses } };
}

const OPTIONS = { folds: 4, reference: 'worse', references: ['worse'] };

describe('crossValidate', () => {
  it('answers each fold by what was best on the others', async () => {
    // On b and d `odd` is best, so a and c, which it fails, are answered by it; and the other way round.
    const results = new Map([
      ['odd', resultOf([0, 1, 0, 1])],
      ['even', resultOf([0.75, 0, 0.75, 0])],
    ]);
    const options = { folds: 2, reference: 'odd', references: ['odd'] };
    const { picks, unseen, references } = (await crossValidate(results, 'm', options))!;
    expect(picks).toEqual(['odd', 'even']);
    expect(unseen).toBe(0);
    expect(references.get('odd')).toMatchObject({ mean: 0.5, difference: -0.5 });
  });

  it('is the best candidate itself where that is best everywhere', async () => {
    const results = new Map([
      ['worse', resultOf([0.1, 0.2, 0.1, 0.2])],
      ['best', resultOf([0.2, 0.3, 0.4, 0.5])],
    ]);
    const { picks, unseen } = (await crossValidate(results, 'm', OPTIONS))!;
    expect(picks).toEqual(['best', 'best', 'best', 'best']);
    expect(unseen).toBeCloseTo(0.35, 12);
  });

  it('chooses as tune does: within the budget, of equally good ones the cheaper', async () => {
    const results = new Map([
      ['worse', resultOf([0.1, 0.2, 0.1, 0.2], 20)],
      ['dear', resultOf([0.5, 0.5, 0.5, 0.5], 100)],
      ['good', resultOf([0.3, 0.3, 0.3, 0.3], 9)],
      ['as good and cheaper', resultOf([0.3, 0.3, 0.3, 0.3], 8)],
    ]);
    const pickWithin = async (written: string) => {
      const budget = parseBudget(written);
      const isDevelopment = () => true;
      const { pick } = await tune(results, { measure: 'm', reference: 'worse', budget, isDevelopment });
      const within = { budget, full: results.get('worse')!.cost };
      const validated = await crossValidate(results, 'm', { ...OPTIONS, within });
      expect(new Set(validated?.picks ?? [undefined])).toEqual(new Set([pick?.name]));
      return pick?.name;
    };
    expect(await pickWithin('clauses < 0.5x')).toBe('as good and cheaper');
    expect(await pickWithin('clauses < 5x')).toBe('dear');
    expect(await pickWithin('clauses < 1')).toBeUndefined();
  });
});
