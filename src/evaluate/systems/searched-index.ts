import type { SparseIndex } from '../../retrieve/sparse-index.js';
import type { SearchedIndex } from './system.js';

/** An index as systems search it. @param textFields those that BM25 searches; those of the vectors where absent. */
export function searchedIndexOf(index: SparseIndex, textFields?: readonly string[]): SearchedIndex {
  const { engine, name, dialect, field, plan } = index;
  return { engine, index: name, dialect, field, textFields: textFields ?? plan.vectors[field]!.from };
}
