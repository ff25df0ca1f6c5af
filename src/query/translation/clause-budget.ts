import type { AskedBeside, Strategy } from '../strategies/strategy.js';
import type { Decision } from './decision.js';

/**
 * How many features each sparse query of a body may have, so that all its clauses together are as many as an engine takes: terms of words that are sent
 * count beside the vectors'. At least 1.
 * @param bodyCounts whether the body counts what matches, so that words are sent with every clause.
 */
export function featuresEach(
  decisions: readonly Decision[],
  { asksBeside }: Pick<Strategy, 'asksBeside'>,
  bodyCounts: boolean,
  maxFeatures: number,
): number {
  let vectors = 0;
  // What a list that was joined has found is a clause, too (Elasticsearch's RankDocsQuery).
  let terms = asksBeside === 'query' ? 1 : 0;
  for (const decision of decisions) {
    if ('left' in decision) {
      terms += decision.terms * (asksBeside === 'query' ? 2 : 1);
      continue;
    }
    const { clause, coverage } = decision;
    const isKept = bodyCounts || clause.demand !== undefined;
    vectors += coverage.vectors.length;
    terms += termsOf(clause.text, timesAsked(asksBeside, isKept) * clause.fields.length + coverage.uncovered.length);
  }
  return Math.max(1, Math.floor((maxFeatures - terms) / Math.max(1, vectors)));
}

/** How often the words of a translated clause stand beside its vectors: `add` keeps by the words that it asks anyway. */
function timesAsked(asksBeside: AskedBeside, isKept: boolean): number {
  if (asksBeside === 'words') return 1;
  return (asksBeside === 'query' ? 1 : 0) + (isKept ? 1 : 0);
}

/** The terms of a text in so many fields, near enough: analyzers cut it otherwise. */
export function termsOf(text: string, fields: number): number {
  return text.split(/\s+/).length * fields;
}
