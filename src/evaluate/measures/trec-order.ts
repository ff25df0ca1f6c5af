import { compareUtf8 } from '../../sparse/compare-utf8.js';
import type { ScoredDocument } from './judgements.js';

/**
 * The ranking that trec_eval evaluates: by falling score, scores held as float32, ties by document id descending (byte order of
 * UTF-8, as strcmp). Ranks written in run files play no part. Source: trec_eval, form_res_rels.c.
 */
export function trecOrder(documents: readonly ScoredDocument[]): ScoredDocument[] {
  return judgedOrder(documents, 'trec_eval');
}

/** How documents of equal score are ranked: as trec_eval does (ids descending), or by id ascending, as most engines' users expect. */
export type TieOrder = 'trec_eval' | 'id';

/** {@link trecOrder}, with ties by ascending id where `ties` is `id`. */
export function judgedOrder(documents: readonly ScoredDocument[], ties: TieOrder = 'trec_eval'): ScoredDocument[] {
  const singles = documents.map(({ id, score }) => ({ id, score: Math.fround(score) }));
  const sign = ties === 'id' ? 1 : -1;
  return singles.sort((a, b) => b.score - a.score || sign * compareUtf8(a.id, b.id));
}
