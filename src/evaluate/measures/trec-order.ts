import type { ScoredDocument } from './judgements.js';

/**
 * The ranking that trec_eval evaluates: by falling score, scores held as float32, ties by document id descending (byte order of
 * UTF-8, as strcmp). Ranks written in run files play no part. Source: trec_eval, form_res_rels.c.
 */
export function trecOrder(documents: readonly ScoredDocument[]): ScoredDocument[] {
  const singles = documents.map(({ id, score }) => ({ id, score: Math.fround(score) }));
  return singles.sort((a, b) => b.score - a.score || compareUtf8(b.id, a.id));
}

/** How documents of equal score are ranked: as trec_eval does (ids descending), or by id ascending, as most engines' users expect. */
export type TieOrder = 'trec_eval' | 'id';

/** {@link trecOrder}, with ties by ascending id where `ties` is `id`. */
export function judgedOrder(documents: readonly ScoredDocument[], ties: TieOrder = 'trec_eval'): ScoredDocument[] {
  const ordered = trecOrder(documents);
  return ties === 'trec_eval' ? ordered : ordered.sort((a, b) => b.score - a.score || compareUtf8(a.id, b.id));
}

/** Order of the UTF-8 forms of two strings, which is that of their code points; UTF-16, which `<` compares, differs past U+FFFF. */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return byCodePoint(left) - byCodePoint(right);
  }
  return a.length - b.length;
}

/** Moves surrogates (U+D800 to U+DFFF: characters past U+FFFF) behind all other code units. */
function byCodePoint(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
