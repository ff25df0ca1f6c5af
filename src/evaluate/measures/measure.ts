import type { ScoredDocument } from './judgements.js';

/** One query's ranking beside its judgements: what a measure sees. */
export interface JudgedRanking {
  /** In the order to be judged: see `trecOrder`. */
  readonly ranking: readonly ScoredDocument[];
  readonly grades: ReadonlyMap<string, number>;
}

/** A measure of effectiveness as a value. `name` is its written form in the field: `nDCG@10`, `P(rel=2)@5`. */
export interface Measure {
  readonly name: string;
  /** Ranks that it looks at; infinite where it looks at all. */
  readonly cutoff: number;
  /** The measure of one query, between 0 and 1. */
  of(judged: JudgedRanking): number;
}

/** What a family of measures is narrowed by. */
interface MeasureOptions {
  /** Ranks looked at; the whole ranking where it is infinite. */
  readonly cutoff: number;
  /** The lowest grade that counts as relevant, 1 or more. */
  readonly relevant: number;
}

type Family = (judged: JudgedRanking, options: MeasureOptions) => number;

/** Normalised discounted cumulative gain, gain = grade, discount log2(rank + 1). trec_eval: `ndcg_cut`. */
export const nDCG: Family = ({ ranking, grades }, { cutoff }) => {
  const gains = ranking.slice(0, cutoff).map(({ id }) => Math.max(0, grades.get(id) ?? 0));
  const best = [...grades.values()].filter((grade) => grade > 0).sort((a, b) => b - a);
  const ideal = discounted(best.slice(0, cutoff));
  return ideal === 0 ? 0 : discounted(gains) / ideal;
};

/** Average precision over all relevant documents. trec_eval: `map`, `map_cut`. */
export const AP: Family = (judged, options) => {
  let found = 0;
  let sum = 0;
  relevance(judged, options).forEach((isRelevant, rank) => {
    if (!isRelevant) return;
    found++;
    sum += found / (rank + 1);
  });
  return ratio(sum, relevantCount(judged, options));
};

/** Reciprocal rank of the first relevant document. trec_eval: `recip_rank`, with `-M` for a cutoff. */
export const RR: Family = (judged, options) => {
  const rank = relevance(judged, options).indexOf(true);
  return rank < 0 ? 0 : 1 / (rank + 1);
};

/** Relevant documents among the first `cutoff`, by all relevant ones. trec_eval: `recall`. */
export const R: Family = (judged, options) =>
  ratio(relevance(judged, options).filter(Boolean).length, relevantCount(judged, options));

/** Relevant documents among the first `cutoff`, by `cutoff`, however few were found. trec_eval: `P`. */
export const P: Family = (judged, options) =>
  ratio(
    relevance(judged, options).filter(Boolean).length,
    Number.isFinite(options.cutoff) ? options.cutoff : judged.ranking.length,
  );

/** Whether a relevant document is among the first `cutoff`. trec_eval: `success`. */
export const Success: Family = (judged, options) => (relevance(judged, options).includes(true) ? 1 : 0);

/** The share of the documents found, up to `cutoff`, that have a judgement: how far the other measures can be trusted. */
export const Judged: Family = ({ ranking, grades }, { cutoff }) => {
  const top = ranking.slice(0, cutoff);
  return ratio(top.filter(({ id }) => grades.has(id)).length, top.length);
};

function relevance({ ranking, grades }: JudgedRanking, { cutoff, relevant }: MeasureOptions): boolean[] {
  return ranking.slice(0, cutoff).map(({ id }) => (grades.get(id) ?? 0) >= relevant);
}

function relevantCount({ grades }: JudgedRanking, { relevant }: MeasureOptions): number {
  return [...grades.values()].filter((grade) => grade >= relevant).length;
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, rank) => sum + gain / Math.log2(rank + 2), 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
