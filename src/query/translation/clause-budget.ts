import type { Strategy } from '../strategies/strategy.js';
import type { Decision } from './decision.js';

/**
 * How many features each sparse query of a body may have, so that all its clauses together are as many as an engine takes: terms of words that are sent
 * count beside the vectors'. At least 1.
 * @param bodyCounts whether the body counts what matches, so that words are sent with every clause.
 */
export function featuresEach(
  decisions: readonly Decision[],
  { asksWordsBeside }: Pick<Strategy, 'asksWordsBeside'>,
  bodyCounts: boolean,
  maxFeatures: number,
): number {
  let vectors = 0;
  let terms = 0;
  for (const decision of decisions) {
    if ('left' in decision) {
      terms += decision.terms;
      continue;
    }
    const { clause, coverage } = decision;
    const isKept = asksWordsBeside || bodyCounts || clause.demand !== undefined;
    vectors += coverage.vectors.length;
    terms += termsOf(clause.text, (isKept ? clause.fields.length : 0) + coverage.uncovered.length);
  }
  return Math.max(1, Math.floor((maxFeatures - terms) / Math.max(1, vectors)));
}

/** The terms of a text in so many fields, near enough: analyzers cut it otherwise. */
export function termsOf(text: string, fields: number): number {
  return text.split(/\s+/).length * fields;
}
