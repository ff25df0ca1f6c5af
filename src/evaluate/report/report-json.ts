import type { SystemResult, SystemsReport } from '../evaluate-systems.js';

/**
 * A report as JSON: `systems` by name and measure, `queries`, then cost, largest score differences, tests, and, where asked for, every query's values.
 * Numbers are not rounded.
 */
export function reportJson({ queries, systems, comparisons }: SystemsReport, { perQuery = false } = {}): object {
  const bySystem = (of: (result: SystemResult) => object) =>
    Object.fromEntries([...systems].map(([name, result]) => [name, of(result)]));
  const differences = [...systems].flatMap(([name, { scoreDifference }]) =>
    scoreDifference === undefined ? [] : [[name, scoreDifference] as const],
  );
  return {
    systems: bySystem(({ evaluation }) => Object.fromEntries(evaluation.means)),
    queries,
    cost: bySystem(({ cost }) => cost),
    ...(differences.length > 0 && { scoreDifference: Object.fromEntries(differences) }),
    comparisons,
    ...(perQuery && {
      perQuery: bySystem(({ evaluation }) =>
        Object.fromEntries(
          evaluation.queries.map((query, i) => [
            query,
            Object.fromEntries([...evaluation.values].map(([measure, values]) => [measure, values[i]])),
          ]),
        ),
      ),
    }),
  };
}
