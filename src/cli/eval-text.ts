import type { SystemsReport } from '../evaluate/evaluate-systems.js';
import type { QueryGroup } from '../evaluate/report/by-weak-spot.js';
import { tableOf } from './output.js';

/** The groups of queries as plain JSON. */
export function groupsJson(groups: ReadonlyMap<string, QueryGroup>): object {
  const plain = ({ queries, systems }: QueryGroup) => {
    const means = [...systems].map(([name, measures]) => [name, Object.fromEntries(measures)]);
    return { queries, systems: Object.fromEntries(means) };
  };
  return Object.fromEntries([...groups].map(([group, one]) => [group, plain(one)]));
}

/** The groups of queries, a row for each system. */
export function groupsText(groups: ReadonlyMap<string, QueryGroup>): string {
  const rows = [...groups].flatMap(([group, { queries, systems }]) =>
    [...systems].map(([name, measures]) => [
      group,
      String(queries),
      name,
      ...[...measures.values()].map((value) => value.toFixed(4)),
    ]),
  );
  const measures = [...[...groups.values()][0]!.systems.values()][0]!.keys();
  return tableOf(['weak spot', 'queries', 'system', ...measures], rows);
}

const CERTAIN = 0.05;

/** Means and costs of the systems, and every pair that was tested. */
export function systemsText({ systems, comparisons, queries }: SystemsReport): string {
  const measures = [...[...systems.values()][0]!.evaluation.means.keys()];
  const rows = [...systems].map(([name, { evaluation, cost, scoreDifference }]) => [
    name,
    ...measures.map((measure) => evaluation.means.get(measure)!.toFixed(4)),
    ...[cost.p50, cost.p95, cost.clauses].map((value) => value.toFixed(1)),
    scoreDifference?.toPrecision(2) ?? '',
  ]);
  const tests = comparisons.map(({ measure, a, b, difference, p, adjusted }) => [
    measure,
    difference > 0 ? `${a} over ${b}` : `${b} over ${a}`,
    `+${Math.abs(difference).toFixed(4)}`,
    p.toFixed(4),
    adjusted.toFixed(4),
    adjusted < CERTAIN ? 'yes' : 'not certain',
  ]);
  const means = tableOf(['system', ...measures, 'p50 ms', 'p95 ms', 'clauses', 'score ±'], rows);
  const pairs =
    tests.length > 0 ? `\n\n${tableOf(['measure', 'better', 'by', 'p', 'corrected', 'p < 0.05'], tests)}` : '';
  return `${means}${pairs}\n\n${queries} queries`;
}
