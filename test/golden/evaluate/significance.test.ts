import { readFileSync } from 'node:fs';
import { holm } from '../../../src/evaluate/significance/holm.js';
import { randomisationTest } from '../../../src/evaluate/significance/randomisation-test.js';

interface Case {
  readonly a: number[];
  readonly b: number[];
  readonly difference: number;
  readonly p: number;
}
interface Golden {
  readonly exact: Case[];
  readonly drawn: Case[];
  readonly holm: { readonly p: number[]; readonly adjusted: number[] };
}

const golden = JSON.parse(readFileSync(new URL('./significance.golden.json', import.meta.url), 'utf8')) as Golden;

describe('significance', () => {
  it.each(golden.exact)(
    'is scipy’s p to the last assignment of signs where all are tried ($p)',
    async ({ a, b, ...theirs }) => {
      const ours = await randomisationTest(a, b);
      expect(ours.exact).toBe(true);
      expect(ours.p).toBeCloseTo(theirs.p, 12);
      expect(ours.difference).toBeCloseTo(theirs.difference, 12);
    },
  );

  it.each(golden.drawn)('is scipy’s p within the error of drawing ($p)', async ({ a, b, ...theirs }) => {
    const ours = await randomisationTest(a, b);
    // We count both tails of 100,000 draws; scipy doubles the smaller tail of its 200,000, which spreads more widely.
    const tail = theirs.p / 2;
    const error = Math.sqrt((theirs.p * (1 - theirs.p)) / 100_000 + (4 * tail * (1 - tail)) / 200_000);
    expect(ours.exact).toBe(false);
    expect(Math.abs(ours.p - theirs.p)).toBeLessThan(4 * error);
  });

  it('corrects as statsmodels does', () => {
    holm(golden.holm.p).forEach((p, i) => {
      expect(p).toBeCloseTo(golden.holm.adjusted[i]!, 12);
    });
  });
});
