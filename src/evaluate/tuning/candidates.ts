/** Query prunings, two-phase thresholds, windows and hybrid weights that `tune` tries unless told otherwise. */
export const CANDIDATES: readonly string[] = [
  'splade',
  'bm25',
  ...[4, 8, 12, 16, 24, 32].map((k) => `splade+prune(topK ${k})`),
  ...[0.1, 0.2, 0.3, 0.4].map((ratio) => `splade+prune(ratioOfMax ${ratio})`),
  ...[0.7, 0.8, 0.9].map((share) => `splade+prune(shareOfMass ${share})`),
  ...[0.2, 0.4, 0.6].map((ratio) => `two-phase(ratioOfMax ${ratio})`),
  ...[100, 1000].map((window) => `rescore(${window})`),
  'hybrid(rrf)',
  ...[0.1, 0.3, 0.5, 0.7, 0.9].map((weight) => `hybrid(sum ${weight})`),
  ...[0.5, 0.7].map((weight) => `hybrid(sum ${weight} weak sum 0.2)`),
];

/** Those of them that have an answer to agree with, for tuning without judgements. */
export const APPROXIMATIONS: readonly string[] = CANDIDATES.filter((name) => !/^(bm25|rescore|hybrid)/.test(name));
