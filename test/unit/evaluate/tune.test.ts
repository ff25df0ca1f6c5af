import { tuningText } from '../../../src/cli/tuning-text.js';
import type { SystemResult } from '../../../src/evaluate/evaluate-systems.js';
import { InvalidBudget, parseBudget } from '../../../src/evaluate/tuning/budget.js';
import { crossValidate } from '../../../src/evaluate/tuning/cross-validate.js';
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
      nearest: { name: 'trap', shareTaken: 2 },
    });
  });

  describe('where the best cannot be told from chance', () => {
    const LIST = Array.from({ length: 20 }, (_, i) => ({ id: `d${i}`, score: 20 - i }));
    /** Answers of which the first `moved` are others than the reference's. */
    const answers = (moved: number) =>
      new Map(
        QUERIES.map((query) => [query, LIST.map(({ id, score }, i) => ({ id: i < moved ? `x${i}` : id, score }))]),
      );
    const all = { ...OPTIONS, isDevelopment: () => true, budget: parseBudget('p50 < 0.5x') };
    const results = (lucky: readonly number[]) =>
      new Map([
        ['splade', { ...resultOf([0.8, 0.4, 0.8, 0.4], 10), run: answers(0) }],
        ['lucky', { ...resultOf(lucky, 1), run: answers(20), approximates: 'splade' }],
        ['near', { ...resultOf([0.7, 0.5, 0.7, 0.5], 5), run: answers(1), approximates: 'splade' }],
        ['far', { ...resultOf([0.7, 0.4, 0.7, 0.4], 2), run: answers(9), approximates: 'splade' }],
      ]);

    it('takes the one that answers most as unpruned SPLADE does, and says what it passed over', async () => {
      // Differences 0.3, -0.1, 0.3 and -0.3: mean 0.05, squares about it 0.27.
      const { pick, passedOver, candidates } = await tune(results([1, 0.4, 1, 0.2]), all);
      expect(pick?.name).toBe('near');
      expect(passedOver).toMatchObject({ name: 'lucky' });
      expect(passedOver!.lead).toBeCloseTo(0.05, 12);
      expect(passedOver!.standardError).toBeCloseTo(Math.sqrt(0.27 / 3 / 4), 12);
      const byAgreement = [...candidates].sort((a, b) => b.agreement - a.agreement);
      expect(byAgreement.map(({ name }) => name)).toEqual(['splade', 'near', 'far', 'lucky']);
      expect([byAgreement[0]!.agreement, byAgreement[3]!.agreement]).toEqual([expect.closeTo(1, 12), 0]);
    });

    it('takes the best where it can', async () => {
      const { pick, passedOver } = await tune(results([1, 0.6, 1, 0.6]), all);
      expect({ pick: pick?.name, passedOver }).toEqual({ pick: 'lucky', passedOver: undefined });
    });

    it('takes another system where it is better than that one', async () => {
      const { approximates: _, ...bm25 } = results([1, 0.4, 1, 0.2]).get('lucky')!;
      const beside = new Map([...results([0.1, 0.1, 0.1, 0.1]), ['bm25', bm25]]);
      expect((await tune(beside, all)).pick?.name).toBe('bm25');
    });

    it('chooses by the budget first, and so by folds', async () => {
      const cheap = { ...all, budget: parseBudget('p50 < 0.2x') };
      const lucky = results([0.9, 0.4, 0.8, 0.2]);
      expect((await tune(lucky, cheap)).pick?.name).toBe('far');
      const within = { budget: cheap.budget, full: lucky.get('splade')!.cost };
      const folds = { folds: 4, reference: 'splade', references: [], within };
      expect((await crossValidate(lucky, 'm', folds))!.picks).toContain('far');
    });
  });

  describe('of a hybrid', () => {
    const hybrid = (values: readonly number[]) => ({ ...resultOf(values, 20), combines: ['bm25', 'splade'] });
    const all = { ...OPTIONS, isDevelopment: () => true };
    const single = resultOf([0.4, 0.4, 0.4, 0.4], 10);

    it('takes it where it leads by more than the standard error of the paired difference', async () => {
      // Of differences 0.1, 0.1, 0.1 and -0.1 the mean is 0.05 and the standard error, too: a last query a little better or worse decides.
      const even = new Map([
        ['splade', single],
        ['hybrid(rrf)', hybrid([0.5, 0.5, 0.5, 0.29])],
      ]);
      expect((await tune(even, all)).pick?.name).toBe('splade');
      const clear = new Map([...even, ['hybrid(rrf)', hybrid([0.5, 0.5, 0.5, 0.31])]]);
      const { pick, passedOver } = await tune(clear, all);
      expect({ pick: pick?.name, passedOver }).toEqual({ pick: 'hybrid(rrf)', passedOver: undefined });
    });

    it('says what was passed over, for what lead', async () => {
      const results = new Map([
        ['splade', single],
        ['hybrid(sum 0.5)', hybrid([0.8, 0.4, 0.4, 0.1])],
      ]);
      const { passedOver } = await tune(results, all);
      // Differences 0.4, 0, 0 and -0.3: mean 0.025, squares about it 0.2475.
      expect(passedOver).toMatchObject({ name: 'hybrid(sum 0.5)' });
      expect(passedOver!.lead).toBeCloseTo(0.025, 12);
      expect(passedOver!.standardError).toBeCloseTo(Math.sqrt(0.2475 / 3 / 4), 12);
    });

    it('compares it with the single system that is best within the budget, and takes it where there is none', async () => {
      const results = new Map([
        ['splade', resultOf([0.9, 0.9, 0.9, 0.9], 100)],
        ['pruned', resultOf([0.1, 0.1, 0.1, 0.2], 10)],
        ['hybrid(rrf)', hybrid([0.4, 0.5, 0.4, 0.5])],
      ]);
      const within = (written: string) => tune(results, { ...all, budget: parseBudget(written) });
      expect((await within('p50 < 0.5x')).pick?.name).toBe('hybrid(rrf)');
      results.delete('pruned');
      expect((await within('p50 < 0.5x')).pick?.name).toBe('hybrid(rrf)');
    });

    it('passes it over where one query alone speaks for it', async () => {
      const results = new Map([
        ['splade', single],
        ['hybrid(rrf)', hybrid([1, 1, 1, 1])],
      ]);
      const first = { ...OPTIONS, isDevelopment: (_: string, position: number) => position === 0 };
      const tuning = await tune(results, first);
      expect(tuning).toMatchObject({ pick: { name: 'splade' } });
      expect(tuning.passedOver).toEqual({ name: 'hybrid(rrf)', lead: 0.6 });
      expect(tuningText(tuning)).toContain('leads by 0.6000, on one query, of which no standard error is known');
    });
  });

  it('checks nothing where there is no unseen query, and says so', async () => {
    const tuning = await tune(RESULTS, { ...OPTIONS, isDevelopment: () => true });
    expect([tuning.pick!.name, tuning.pick!.unseen, tuning.check]).toEqual(['splade', undefined, undefined]);
    expect(tuningText(tuning)).toMatch(/not known[\s\S]*splade: not checked, for there is no unseen query/);
  });

  it('knows no size of what has none', async () => {
    const { cost, ...rest } = resultOf([0.8, 0.8, 0.8, 0.8], 10);
    const sized = new Map([...RESULTS, ['splade, topK(64)', { ...rest, cost: { ...cost, bytes: 2_500_000 } }]]);
    const text = tuningText(await tune(sized, OPTIONS));
    expect(text).toMatch(/index MB[\s\S]*not known[\s\S]*2\.5/);
    expect(text).not.toMatch(/NaN|Infinity/);
  });

  it('marks what nothing beats on both counts', async () => {
    const front = (await tune(RESULTS, OPTIONS)).candidates.filter(({ onFront }) => onFront);
    expect(front.map(({ name }) => name)).toEqual(['splade', 'trap', 'pruned']);
  });

  it('allows what costs nothing, also where a share of nothing is asked', () => {
    const free = { p50: 1, p95: 1, clauses: 0 };
    expect(parseBudget('clauses < 0.5x').shareTaken(free, free)).toBe(0);
    expect(parseBudget('bytes < 0.5x').shareTaken(free, free)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(['', 'p95', 'p95 < 0', 'p50 < 0x', 'p99 < 3', 'p95 > 3', 'p95 < -1', 'p95 < 3ms'])(
    'refuses the budget %p',
    (written) => {
      expect(() => parseBudget(written)).toThrow(InvalidBudget);
    },
  );
});
