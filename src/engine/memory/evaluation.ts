import type { JsonObject } from '../../dialect/dialect.js';
import type { Matches } from './matches.js';
import type { MemoryIndex } from './memory-index.js';

/** The documents that a query is asked of: the first so many of an index. */
export interface Scope {
  readonly index: MemoryIndex;
  readonly size: number;
  /** The number of the document that has this id in the scope. */
  numberOf(id: string): number | undefined;
}

/** Evaluates the queries inside a query. */
export type Inner = (query: unknown, boost?: number) => Matches;
/**
 * A query after its name, all of whose keys are known.
 * @param boost its own, times those of the queries around it, a float32: as Lucene does, the leaves multiply, and no sum is multiplied afterwards.
 */
export type Evaluate = (scope: Scope, clause: JsonObject, into: Matches, inner: Inner, boost: number) => void;
