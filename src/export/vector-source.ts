import type { RequestOptions } from '../engine/engine.js';
import type { Item } from '../ingest/source.js';
import type { TokenVector } from './token-vector.js';

/** A vector on its way to a sink, and the line of the file on which it stands, from 1. */
export interface SourcedVector extends TokenVector {
  readonly line?: number;
}

export type VectorItem = Item<SourcedVector>;

export interface VectorItemsOptions extends RequestOptions {
  /** Items to leave out at the front, before anything is encoded: an earlier try has settled them. */
  readonly skip?: number;
}

/** Where vectors come from: a file of them, texts behind an encoder, an index, another system's export. */
export interface VectorSource {
  /** What a person calls it: a path, an index. */
  readonly name: string;
  /**
   * The vectors, in an order that is the same each time.
   * @throws a Fault where reading cannot go on.
   */
  items(options: VectorItemsOptions): AsyncIterable<VectorItem>;
}

/** Items but for the first. */
export async function* withoutFirst<T>(items: AsyncIterable<T>, count = 0): AsyncGenerator<T> {
  let passed = 0;
  for await (const item of items) {
    if (passed++ >= count) yield item;
  }
}
