export { Fault, type FaultKind } from './fault/fault.js';
export { dotProduct, type Product, sharedProducts } from './sparse/dot-product.js';
export { roundToNineBits, truncateToNineBits } from './sparse/precision.js';
export {
  atLeast,
  InvalidPruning,
  inOrder,
  type Pruning,
  parsePruning,
  ratioOfMax,
  shareOfMass,
  topK,
  unpruned,
} from './sparse/pruning.js';
export { InvalidWeight, SparseVector, type Term } from './sparse/sparse-vector.js';
export { UnknownToken, Vocabulary, VocabularyMismatch } from './sparse/vocabulary.js';
