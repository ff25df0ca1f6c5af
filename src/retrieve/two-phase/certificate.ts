import type { SparseVector } from '../../sparse/sparse-vector.js';
import type { Ceilings } from './ceilings.js';

/** Why the bound of a first phase proved nothing. */
export type Doubt =
  /** Nobody built a table, or it is of another vocabulary. */
  | 'no-ceilings'
  /** The table is there and cannot be read: its index lost shards, or the user may not read it. */
  | 'ceilings-unreadable'
  /** Something was written after the table was built. */
  | 'ceilings-outdated'
  /** The engine does not say whether anything was written. */
  | 'writes-unknown'
  /** Copies of the index may be behind what the table was built from, or behind each other. */
  | 'copies-lag'
  /** None was asked for: by so many heavy terms it costs more than all of them. */
  | 'no-gain'
  /** A document that was left out could reach the page. */
  | 'bound-too-high';

/** The ceilings of an index, or why there are none to prove anything by. */
export type KnownCeilings =
  | { readonly ceilings: Ceilings; readonly doubt?: undefined }
  | { readonly ceilings?: undefined; readonly doubt: Doubt };

/** Whether an answer in two phases is the full answer, and by what proof. */
export interface Certificate {
  /** Whether the documents, their scores and their order are those of the search with all terms. */
  readonly exact: boolean;
  /** `bound`: no document left out can reach the page. `all-terms`: it is the full search itself. Absent where it is not exact. */
  readonly proof?: 'bound' | 'all-terms';
  /** Why the bound is no proof, where it is none. */
  readonly doubt?: Doubt;
  /** The last score of the first phase's page; absent where fewer documents were found. */
  readonly lastScore?: number;
  /** No document that the first phase left out can score more; 0 where it left out none. */
  readonly bound: number;
  /** Documents a shard that the heavy terms found, and how many terms those were. */
  readonly window: number;
  readonly heavyTerms: number;
  /** Requests that searched. */
  readonly requests: 1 | 2;
}

/** What is known after the first phase. */
interface Evidence {
  readonly known: KnownCeilings;
  /** `Engine.writeMark` after it, where the engine told it. */
  readonly mark: string | undefined;
  readonly lastScore: number | undefined;
  /** The most that the heavy terms gave a document outside of the window. */
  readonly leftOut: number;
  readonly lightBound: number;
  readonly window: number;
  readonly heavyTerms: number;
}

/**
 * Products are rounded to float32 once each and sums once more, by at most 2^-24 of themselves; the order of additions matters less. A bound
 * raised by this stays one.
 */
const SLACK = 1 + 2 ** -20;

/** The certificate of a first phase. */
export function certificateOf({ known, mark, lastScore, leftOut, lightBound, ...asked }: Evidence): Certificate {
  const bound = (leftOut + lightBound) * SLACK;
  const told = { lastScore, bound, ...asked, requests: 1 as const };
  const doubt = known.doubt ?? doubtOf(known.ceilings, mark, lastScore, bound);
  return doubt === undefined ? { exact: true, proof: 'bound', ...told } : { exact: false, doubt, ...told };
}

/** The certificate of a search with all terms, which needs no bound. */
export function wholeSearch({ size }: SparseVector, doubt: Doubt | undefined): Certificate {
  return { exact: true, proof: 'all-terms', doubt, bound: 0, window: 0, heavyTerms: size, requests: 1 };
}

function doubtOf(
  ceilings: Ceilings,
  mark: string | undefined,
  lastScore: number | undefined,
  bound: number,
): Doubt | undefined {
  if (mark === undefined) return 'writes-unknown';
  if (ceilings.mark !== mark) return 'ceilings-outdated';
  // An equal score may stand before it: engines break ties by their own numbers of documents.
  return (lastScore ?? 0) > bound || bound === 0 ? undefined : 'bound-too-high';
}
