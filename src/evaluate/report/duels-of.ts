import type { SparseIndex } from '../../retrieve/sparse-index.js';
import type { SystemsReport } from '../evaluate-systems.js';
import type { Qrels } from '../measures/judgements.js';
import type { EncodedTopic } from '../systems/system.js';
import { explainDifferences } from './explain-differences.js';
import type { Duel } from './html-report.js';

/** Wins, and as many losses, that are explained. */
const EXPLAINED = 10;

/** Each system against the first, by the first measure. */
export async function duelsOf(
  index: SparseIndex,
  topics: readonly EncodedTopic[],
  qrels: Qrels,
  { systems }: SystemsReport,
  signal?: AbortSignal,
): Promise<Duel[]> {
  const [baseline, ...others] = systems;
  const [a, first] = baseline!;
  const duels: Duel[] = [];
  const measure = [...first.evaluation.values.keys()][0]!;
  const { queries } = first.evaluation;
  for (const [b, second] of others) {
    const [before, after] = [first, second].map(({ evaluation }) => evaluation.values.get(measure)!);
    const differences = new Map(queries.map((query, i) => [query, after![i]! - before![i]!]));
    const explained = await explainDifferences(index, topics, qrels, [first, second], {
      measure,
      each: EXPLAINED,
      signal,
    });
    duels.push({ a, b, measure, differences, explained });
  }
  return duels;
}
