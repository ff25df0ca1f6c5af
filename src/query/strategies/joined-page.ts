import type { JsonObject } from '../../dialect/dialect.js';
import { type AskedPage, askedPage } from './asked-page.js';

/** A page of a joined list, and how many documents each of the two lists contributes to it. */
export interface JoinedPage extends AskedPage {
  readonly depth: number;
}

/**
 * The page that a body asks for. Lists are as deep on every page of a size, so that a document's ranks, and so its place in the joined list, are the
 * same on each: pages neither overlap nor miss.
 * @param window documents that each list contributes, at least; a page that is larger makes it larger.
 */
export function joinedPage(body: JsonObject, window: number): { page: JoinedPage } | { refused: string } {
  const { from, size } = askedPage(body);
  const depth = Math.max(window, size);
  if (from + size <= depth) return { page: { from, size, depth } };
  const found = `from ${from} and size ${size} reach past the ${depth} documents that each list contributes`;
  return { refused: `${found}: a joined list ends there` };
}
