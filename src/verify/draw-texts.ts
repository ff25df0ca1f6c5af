import type { Engine, Hit } from '../engine/engine.js';
import { firstText } from '../mapping/document-text.js';

/** A text to make a query of. */
export interface DrawnText {
  readonly id: string;
  readonly text: string;
}

const QUERY_WORDS = 12;
/** `index.max_slices_per_pit`, the engines' default. */
const MOST_SLICES = 1024;

/**
 * Draws query texts from an index's own documents: the first words of documents that lie spread over it (one slice of it). The same
 * index gives the same texts.
 * @param fields the text fields, the first that has words counts.
 */
export async function drawTexts(
  engine: Engine,
  index: string,
  fields: readonly string[],
  count: number,
  signal?: AbortSignal,
): Promise<DrawnText[]> {
  const documents = await engine.count(index, undefined, { signal });
  const of = Math.min(MOST_SLICES, Math.max(1, Math.floor(documents / count)));
  await using snapshot = await engine.snapshot(index, { signal });
  const drawn: DrawnText[] = [];
  for await (const page of snapshot.pages({ size: count, source: [...fields], slice: { part: 0, of }, signal })) {
    for (const hit of page) {
      const text = firstWords(hit, fields);
      if (text && drawn.length < count) drawn.push({ id: hit.id, text });
    }
    if (drawn.length >= count) break;
  }
  return drawn;
}

function firstWords({ source = {} }: Hit, fields: readonly string[]): string {
  return firstText(source, fields).split(/\s+/).slice(0, QUERY_WORDS).join(' ');
}
