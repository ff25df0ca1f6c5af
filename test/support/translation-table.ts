import { readFileSync } from 'node:fs';
import type { VectorPlan } from '../../src/mapping/vector-plan.js';
import { toyVocabulary } from './toy-encoder.js';

/** A row of the table of queries in docs/translation.md. */
export interface TableRow {
  readonly title: string;
  readonly query: Record<string, unknown>;
  /** `translated`, `translated, kept: operator` or `left: filter`. */
  readonly outcome: string;
}

/** The table of queries in docs/translation.md, so that page and code cannot part. */
export function translationTable(): TableRow[] {
  const page = readFileSync('docs/translation.md', 'utf8');
  const rows = [...page.matchAll(/^\| ([^|]+) \| `(\{.*\})` \| ((?:translated|left)[^|]*) \|$/gm)];
  return rows.map(([, title, query, outcome]) => ({ title: title!, query: JSON.parse(query!), outcome: outcome! }));
}

/** A plan with a vector of `title` alone, and one of `title` and `body`. */
export function toyPlan(dialect: string): VectorPlan {
  const model = { id: 'toy', weights: '0', pooling: 'max', precision: 'float32', maxTokens: 256, compiler: 1 };
  const vectors = {
    splade: { from: ['title', 'body'], pruning: 'none' },
    splade_title: { from: ['title'], pruning: 'none' },
  };
  return { format: 1, model, vocabulary: toyVocabulary.fingerprint, dialect, vectors };
}
