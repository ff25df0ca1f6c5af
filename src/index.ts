export type { Encoded, EncodeOptions, Encoder, Role } from './encoder/encoder.js';
export { EncoderClosed, EncoderCrashed, EncoderUnusable, EncodingFailed } from './encoder/encoder-faults.js';
export { type LoadOptions, loadEncoder } from './encoder/load-encoder.js';
export { Fault, type FaultKind } from './fault/fault.js';
export type { HubAccess } from './model/hub-access.js';
export {
  ModelFileBroken,
  ModelFileMissing,
  ModelNotFound,
  ModelSourceFailed,
  ModelUnsupported,
} from './model/model-faults.js';
export type { ModelIdentity } from './model/model-identity.js';
export type { Progress } from './model/progress.js';
export { type Figures, listModels, type NamedModel } from './model/registry.js';
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
