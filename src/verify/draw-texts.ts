import type { Engine, Hit, PageOptions, Snapshot } from '../engine/engine.js';
import { firstText } from '../mapping/document-text.js';
import { fromEachPart, PARTS } from './from-each-part.js';

/** A text to make a query of. */
export interface DrawnText {
  readonly id: string;
  readonly text: string;
}

const QUERY_WORDS = 12;
/** An index of no more documents than so many times the texts is read whole: smaller parts might have none. */
const FEW = 4;
/** Where documents have no text, so many times the documents that are wanted of a part are looked through. */
const MOST_LOOKED = 10;
const PAGE = 500;

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
  const pagesOf = (share: PageOptions['share']) => textsOf(snapshot, fields, perPart, { share, signal });
  const drawn: DrawnText[] = [];
  for await (const texts of fromEachPart(pagesOf, { parts, of: parts, perPart })) drawn.push(...texts);
  return evenly(drawn, count);
}

/** The texts of a part's documents, page by page: enough of them for `most` texts. */
async function* textsOf(
  snapshot: Snapshot,
  fields: readonly string[],
  most: number,
  part: Pick<PageOptions, 'share' | 'signal'>,
): AsyncGenerator<DrawnText[]> {
  let looked = 0;
  const size = Math.max(1, Math.min(most, PAGE));
  for await (const page of snapshot.pages({ ...part, size, source: [...fields] })) {
    yield page.map((hit) => ({ id: hit.id, text: firstWords(hit, fields) })).filter(({ text }) => text !== '');
    looked += page.length;
    if (looked >= MOST_LOOKED * most) return;
  }
}

/** So many of some items, at even distances. */
function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

function firstWords({ source = {} }: Hit, fields: readonly string[]): string {
  return firstText(source, fields).split(/\s+/).slice(0, QUERY_WORDS).join(' ');
}
