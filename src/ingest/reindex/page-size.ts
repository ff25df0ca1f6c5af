import type { Engine, RequestOptions } from '../../engine/engine.js';

/** Larger pages save next to nothing, and two of them are held while a third is on its way. Characters. */
const PAGE_LENGTH = 2_000_000;
/** Of these, the slowest encoder makes short work within the life of a point in time (half an hour, renewed by each page). */
const MOST_DOCUMENTS = 1000;
/** Engines compress what they store; text to about a third. */
const STORED_SHARE = 3;
const MOST_GROWTH = 4;

/** How many documents a page is to have: as many as make about 2 MB, learned from the pages before. */
export class PageSize {
  #documents: number;

  /** @param length of a document as JSON, as far as that is known beforehand. */
  constructor(length: number) {
    this.#documents = within(PAGE_LENGTH / length);
  }

  /** For the documents of an index, by what the engine says of its size. */
  static async of(engine: Engine, index: string, { signal }: RequestOptions): Promise<PageSize> {
    const path = `/${encodeURIComponent(index)}/_stats/docs,store`;
    const query = { filter_path: '_all.primaries' };
    const answer = (await engine.request({ method: 'GET', path, query, signal })) as StatsAnswer;
    const { docs, store } = answer._all?.primaries ?? {};
    return new PageSize((STORED_SHARE * (store?.size_in_bytes ?? 0)) / Math.max(1, docs?.count ?? 0));
  }

  get documents(): number {
    return this.#documents;
  }

  /** A page of so many documents had so many characters. */
  read(documents: number, length: number): void {
    if (documents === 0) return;
    this.#documents = within(Math.min((PAGE_LENGTH * documents) / length, MOST_GROWTH * this.#documents));
  }

  /** A page did not come: it may have been too much at once. */
  refused(): void {
    this.#documents = within(this.#documents / MOST_GROWTH);
  }
}

interface StatsAnswer {
  readonly _all?: {
    readonly primaries?: {
      readonly docs?: { readonly count: number };
      readonly store?: { readonly size_in_bytes: number };
    };
  };
}

function within(documents: number): number {
  return Math.max(1, Math.min(MOST_DOCUMENTS, Math.floor(documents)));
}
