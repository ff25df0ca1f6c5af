/** Judgements by query and document. A grade of 1 or more is relevant, 0 judged and not relevant, below 0 not judged. */
export type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** One document of a ranking. */
export interface ScoredDocument {
  readonly id: string;
  readonly score: number;
}

/** Rankings by query, in any order: {@link trecOrder} sorts them. */
export type Run = ReadonlyMap<string, readonly ScoredDocument[]>;
