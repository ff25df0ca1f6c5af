import type { Encoder } from '../encoder/encoder.js';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import { NoIndexOpen } from './explorer-faults.js';

/** What an explorer shows. Everything stays the caller's to close. */
export interface Explored {
  /** The encoder at the beginning; the index's, where there is an index. */
  readonly encoder: Encoder;
  /** Models that can be switched to, by name. */
  readonly models: readonly string[];
  /** Opens another model; asked once for each. */
  readonly openModel: (name: string) => Promise<Encoder>;
  readonly index?: SparseIndex;
}

/** The index. @throws {NoIndexOpen} */
export function indexOf({ index }: Explored): SparseIndex {
  if (!index) throw new NoIndexOpen();
  return index;
}
