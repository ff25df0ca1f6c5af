import { TWO_PHASE_DEFAULTS } from '../../dialect/os-neural-sparse.js';
import { ratioOfMax } from '../../sparse/pruning.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';
import { type Ceilings, largestProducts } from './ceilings.js';

/** A query in two parts: the heavy terms find, the light ones only score. */
export interface SplitQuery {
  readonly heavy: SparseVector;
  /** The most that the light terms together can add to a document's score; 0 where there are none, infinite where it is not known. */
  readonly lightBound: number;
}

/** Where nothing is known of the index. */
const HEAVY_WITHOUT_CEILINGS = ratioOfMax(TWO_PHASE_DEFAULTS.pruneRatio);

/**
 * Takes for light the terms that can add least, as long as together they can add no more than `share` of what the whole query can.
 * @param share from 0 (all terms that any document has are heavy) to 1.
 */
export function splitTerms(query: SparseVector, ceilings: Ceilings | undefined, share: number): SplitQuery {
  if (!ceilings) {
    const heavy = HEAVY_WITHOUT_CEILINGS.prune(query);
    return { heavy, lightBound: heavy.size === query.size ? 0 : Number.POSITIVE_INFINITY };
  }
  const products = largestProducts(query, ceilings);
  const allowed = share * products.reduce((sum, product) => sum + product, 0);
  const light = new Set<number>();
  let lightBound = 0;
  for (const position of [...products.keys()].sort((a, b) => products[a]! - products[b]!)) {
    if (lightBound + products[position]! > allowed) break;
    lightBound += products[position]!;
    light.add(position);
  }
  return { heavy: query.where((position) => !light.has(position)), lightBound };
}
