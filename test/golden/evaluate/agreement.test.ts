import { readFileSync } from 'node:fs';
import { agreementQrels } from '../../../src/evaluate/measures/agreement-qrels.js';
import { evaluateRun } from '../../../src/evaluate/measures/evaluate-run.js';
import { parseMeasures } from '../../../src/evaluate/measures/parse-measure.js';

interface Case {
  readonly ranking: readonly string[];
  readonly reference: readonly string[];
  readonly rbo: number;
}

const { cases } = JSON.parse(readFileSync(new URL('./agreement.golden.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[];
};
const runOf = (ids: readonly string[]) => new Map([['q', ids.map((id, rank) => ({ id, score: -rank }))]]);

describe('agreement of two rankings', () => {
  it('equals the rank-biased overlap of the package rbo, lists of unlike length included', () => {
    const wrong = cases.filter(({ ranking, reference, rbo }) => {
      const qrels = agreementQrels(runOf(reference), 100);
      const ours = evaluateRun(runOf(ranking), qrels, parseMeasures('RBO')).means.get('RBO')!;
      return Math.abs(ours - rbo) > 1e-12;
    });
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThan(60);
  });

  it('is the overlap of the first ten by P@10', () => {
    const ids = Array.from({ length: 20 }, (_, i) => `d${i}`);
    const qrels = agreementQrels(runOf(ids), 10);
    const other = runOf([...ids.slice(0, 7), ...ids.slice(12, 20)]);
    expect(evaluateRun(other, qrels, parseMeasures('P@10')).means.get('P@10')).toBe(0.7);
  });
});
