import { existsSync, readFileSync } from 'node:fs';
import { evaluateRun } from '../../../src/evaluate/measures/evaluate-run.js';
import { parseMeasures } from '../../../src/evaluate/measures/parse-measure.js';

type Table<T> = Record<string, Record<string, T>>;
interface Golden {
  readonly qrels: Table<number>;
  readonly run: Table<number>;
  readonly expected: Table<number>;
  readonly untied: Table<number>;
  readonly judged: { readonly 'Judged@10': Record<string, number> };
}

const golden = JSON.parse(readFileSync(new URL('./measures.golden.json', import.meta.url), 'utf8')) as Golden;
const SHARED = '../shared/data/truth/trec_eval-golden.json';

function qrelsOf(table: Table<number>) {
  return new Map(Object.entries(table).map(([query, grades]) => [query, new Map(Object.entries(grades))]));
}

function runOf(table: Table<number>) {
  const ranking = (scores: Record<string, number>) => Object.entries(scores).map(([id, score]) => ({ id, score }));
  return new Map(Object.entries(table).map(([query, scores]) => [query, ranking(scores)]));
}

/** Every difference past rounding between what we compute and what the authority says, written out. */
function differences(qrels: Table<number>, run: Table<number>, expected: Table<number>): string[] {
  const names = Object.keys(Object.values(expected)[0]!);
  const { queries, values } = evaluateRun(runOf(run), qrelsOf(qrels), parseMeasures(names.join(' ')));
  return queries.flatMap((query, i) =>
    names.flatMap((name) => {
      const ours = values.get(name)![i]!;
      const theirs = expected[query]?.[name] ?? 0;
      return Math.abs(ours - theirs) < 1e-12 ? [] : [`${query} ${name}: ${ours}, not ${theirs}`];
    }),
  );
}

describe('measures', () => {
  it('equal trec_eval on every query, ties, unjudged and missing queries included', () => {
    expect(differences(golden.qrels, golden.run, golden.expected)).toEqual([]);
  });

  it('Judged@10 equals ir_measures', () => {
    const judged = Object.entries(golden.judged['Judged@10']).map(([query, value]) => [query, { 'Judged@10': value }]);
    expect(differences(golden.qrels, golden.untied, Object.fromEntries(judged))).toEqual([]);
  });

  (existsSync(SHARED) ? it : it.skip)('equal trec_eval on the shared goldens, means over all judged queries', () => {
    const shared = JSON.parse(readFileSync(SHARED, 'utf8'));
    const names: Record<string, string> = { ndcg_10: 'nDCG@10', recall_100: 'R@100', map: 'AP', P_10: 'P@10' };
    Object.assign(names, { recip_rank: 'RR', mrr_10: 'RR@10' });
    const renamed = (values: Record<string, number>) =>
      Object.fromEntries(Object.entries(names).map(([theirs, ours]) => [ours, values[theirs]!]));
    const expected = Object.entries(shared.expected as Table<number>).map(([query, values]) => [
      query,
      renamed(values),
    ]);
    expect(differences(shared.qrels, shared.run, Object.fromEntries(expected))).toEqual([]);
    const measures = parseMeasures(Object.values(names).join(','));
    const { means } = evaluateRun(runOf(shared.run), qrelsOf(shared.qrels), measures);
    for (const [name, mean] of Object.entries(renamed(shared.mean_all_qrels_queries))) {
      expect(means.get(name)).toBeCloseTo(mean, 12);
    }
  });
});
