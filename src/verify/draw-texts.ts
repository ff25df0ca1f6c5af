import type { Engine, Hit, PageOptions, Snapshot } from '../engine/engine.js';
import { firstText } from '../mapping/document-text.js';
import { PARTS } from './from-each-part.js';

/** A text to make a query of. */
export interface DrawnText {
  readonly id: string;
  readonly text: string;
}

const QUERY_WORDS = 12;
/** An index of no more documents than so many times the texts is read whole: smaller parts might have none. */
const FEW = 4;
/** Where documents have no text, so many times the documents that are wanted of a part are looked through, and a page at least. */
const MOST_LOOKED = 10;
/** Of an index in which one document of fifty has a text, a page of a hundred has two. */
const LEAST_PAGE = 100;
const MOST_PAGE = 500;

/**
 * Draws query texts from an index's own documents: the first words of documents that lie spread over it, on up to 64 shards. The same index gives the
 * same texts, as long as nothing is written to it or merged.
 * @param fields the text fields, the first that has words counts.
 * @returns `count` texts, or fewer where few documents have any.
 */
export async function drawTexts(
  engine: Engine,
  index: string,
  fields: readonly string[],
  count: number,
  signal?: AbortSignal,
): Promise<DrawnText[]> {
  const documents = await engine.count(index, undefined, { signal });
  await using snapshot = await engine.snapshot(index, { signal });
  const parts = documents <= FEW * count ? 1 : Math.min(PARTS, count);
  const perPart = parts === 1 ? documents : Math.ceil(count / parts);
  const drawn: DrawnText[] = [];
  /** For parts that have too few. */
  const spare: DrawnText[] = [];
  for (let part = 0; part < parts; part++) {
    const texts = await textsOf(snapshot, fields, perPart, { share: { part, of: parts }, signal });
    drawn.push(...texts.slice(0, perPart));
    spare.push(...texts.slice(perPart));
  }
  return [...evenly(drawn, count), ...evenly(spare, Math.max(0, count - drawn.length))];
}

/** Texts of a part's documents, read page by page: `wanted` or more, unless few documents have any. */
async function textsOf(
  snapshot: Snapshot,
  fields: readonly string[],
  wanted: number,
  part: Pick<PageOptions, 'share' | 'signal'>,
): Promise<DrawnText[]> {
  const texts: DrawnText[] = [];
  let looked = 0;
  const size = Math.min(Math.max(wanted, LEAST_PAGE), MOST_PAGE);
  for await (const page of snapshot.pages({ ...part, size, source: [...fields] })) {
    const read = page.map((hit) => ({ id: hit.id, text: firstWords(hit, fields) }));
    texts.push(...read.filter(({ text }) => text !== ''));
    looked += page.length;
    if (texts.length >= wanted || looked >= MOST_LOOKED * wanted) break;
  }
  return texts;
}

/** So many of some items, at even distances. */
function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

function firstWords({ source = {} }: Hit, fields: readonly string[]): string {
  return firstText(source, fields).split(/\s+/).slice(0, QUERY_WORDS).join(' ');
}
