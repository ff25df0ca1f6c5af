import type { LeftReason } from '../language/query-language.js';

/** One text clause that became a vector query. */
export interface TranslatedClause {
  /** Where it stood, as `query.bool.must[0].match`. */
  readonly path: string;
  readonly query: string;
  readonly vectors: readonly AskedVector[];
  /** Fields that no vector was made of: they are asked lexically beside. */
  readonly uncovered: readonly string[];
  /** What keeps the clause's own matches: the parameter that demands, or `aggs`. */
  readonly kept?: string;
  /** Parameters that a vector has no counterpart for. */
  readonly ignored: readonly string[];
}

export interface AskedVector {
  readonly field: string;
  /** The text fields that it stands for, and those it was also made of. */
  readonly covers: readonly string[];
  readonly widenedBy: readonly string[];
  /** Terms asked, and terms left out because the engine takes no more clauses. */
  readonly terms: number;
  readonly dropped: number;
}

/** A part of a body that stays as it was. */
export interface LeftClause {
  readonly path: string;
  readonly query: string;
  readonly reason: LeftReason;
}

/** A part that was asked for and that cannot be had. */
export interface RefusedPart {
  readonly path: string;
  readonly reason: string;
}

/** What a translation did, by path. */
export interface TranslationReport {
  readonly strategy: string;
  readonly translated: readonly TranslatedClause[];
  readonly left: readonly LeftClause[];
  readonly refused: readonly RefusedPart[];
}
