import type { JsonObject } from '../../dialect/dialect.js';

/** A page of a joined list, and how many documents each of the two lists contributes to it. */
export interface JoinedPage {
  readonly from: number;
  readonly size: number;
  readonly depth: number;
}

/** The engines' default size of a page. */
const DEFAULT_SIZE = 10;

/**
 * The page that a body asks for. Lists are as deep on every page of a size, so that a document's ranks, and so its place in the joined list, are the
 * same on each: pages neither overlap nor miss.
 * @param window documents that each list contributes, at least; a page that is larger makes it larger.
 */
export function joinedPage(body: JsonObject, window: number): { page: JoinedPage } | { refused: string } {
  const { from = 0, size = DEFAULT_SIZE } = body as { from?: number; size?: number };
  const depth = Math.max(window, Number(size));
  if (Number(from) + Number(size) <= depth) return { page: { from: Number(from), size: Number(size), depth } };
  const found = `from ${from} and size ${size} reach past the ${depth} documents that each list contributes`;
  return { refused: `${found}: a joined list ends there` };
}
