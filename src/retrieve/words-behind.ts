import type { Encoder } from '../encoder/encoder.js';
import type { SparseVector } from '../sparse/sparse-vector.js';

/** Words beside the strongest are named where their absence weighs at least this share of the strongest's. */
const SHARE = 0.5;
/** Each different word costs one encoding; texts with more are not taken apart. */
const MOST_WORDS = 64;

/**
 * Which words of a text called each of its terms: those without which the term weighs least. Each word is left out in turn (wherever it
 * stands), the rest encoded, in one batch; a word that the term would be no lighter without is not named.
 *
 * This asks what the model would have said, and so counts what a word does to its neighbours; it is not the position that won the
 * maximum in the graph.
 * @returns the words by token, the strongest first; nothing for texts of more than 64 different words.
 */
export async function wordsBehind(
  encoder: Pick<Encoder, 'encode'>,
  text: string,
  vector: SparseVector,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const words = [...new Set(text.match(WORD) ?? [])];
  if (words.length > MOST_WORDS) return new Map();
  const without = words.map((left) => text.replace(WORD, (word) => (word === left ? ' ' : word)));
  const encoded = await encoder.encode(without, { as: 'query', signal });
  const weights = encoded.map((one) => new Map(Array.from(one.vector.terms(), ({ token, weight }) => [token, weight])));
  const behind = new Map<string, readonly string[]>();
  for (const { token, weight } of vector.terms()) {
    const losses = words.map((word, i) => ({ word, loss: weight - (weights[i]!.get(token) ?? 0) }));
    behind.set(token, strongest(losses));
  }
  return behind;
}

/** Letters, marks and digits, with the apostrophes and hyphens inside; a character of a script without spaces is a word. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

function strongest(losses: readonly { readonly word: string; readonly loss: number }[]): string[] {
  const most = Math.max(0, ...losses.map(({ loss }) => loss));
  if (most === 0) return [];
  return losses
    .filter(({ loss }) => loss >= SHARE * most)
    .sort((a, b) => b.loss - a.loss)
    .map(({ word }) => word);
}
