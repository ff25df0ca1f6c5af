import type { JsonObject } from '../dialect/dialect.js';
import type { TranslationReport } from '../query/translation/translation-report.js';
import type { SparseVector } from '../sparse/sparse-vector.js';

/** What a translation of a request did, and the vectors of its texts. */
export interface Told {
  readonly report: TranslationReport;
  readonly vectors: ReadonlyMap<string, SparseVector>;
}

/** Whether a search asks to be explained: `?explain`, or `explain` in its body. */
export function asksExplanation(query: Readonly<Record<string, string>>, body: unknown): boolean {
  const asked = query.explain ?? (body as { explain?: unknown } | undefined)?.explain;
  return asked === '' || String(asked) === 'true';
}

/** The engine's answer with what the gateway did under `termweave`: the report, and each text's expansion, heaviest term first. */
export function explainedAnswer(answer: JsonObject, told: readonly Told[]): JsonObject {
  const expansions: Record<string, Record<string, number>> = {};
  for (const { vectors } of told) {
    for (const [text, vector] of vectors)
      expansions[text] = Object.fromEntries(vector.heaviestFirst().map(({ token, weight }) => [token, weight]));
  }
  return { ...answer, termweave: { reports: told.map(({ report }) => report), expansions } };
}
