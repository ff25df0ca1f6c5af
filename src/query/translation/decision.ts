import type { LeftReason } from '../language/query-language.js';
import type { Position } from '../language/walk-query.js';
import type { TextClause } from './text-clause.js';
import type { Coverage } from './vector-fields.js';

/** What becomes of one leaf of a body. One that is left asks so many lexical terms, near enough. */
export type Decision =
  | { readonly name: string; readonly at: Position; readonly left: LeftReason; readonly terms: number }
  | { readonly name: string; readonly at: Position; readonly clause: TextClause; readonly coverage: Coverage };
