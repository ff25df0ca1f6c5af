/**
 * `termweave/query`: the translator and what it stands on. Pure: it loads neither the encoder's runtime nor an engine's client.
 * @module
 */
export { dialectForField, dialectForNewField } from '../dialect/choose-dialect.js';
export type { Dialect, JsonObject } from '../dialect/dialect.js';
export { engineVersion } from '../dialect/engine-version.js';
export { storedFeatures } from '../dialect/stored-features.js';
export { mappingFor } from '../mapping/index-body.js';
export { planFor, readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';
export { QueryVectors } from '../query/query-vectors.js';
export { sparseQuery } from '../query/sparse-query.js';
export { add } from '../query/strategies/add.js';
export { hybrid } from '../query/strategies/hybrid.js';
export { parseStrategy } from '../query/strategies/parse-strategy.js';
export { replace } from '../query/strategies/replace.js';
export { rescore } from '../query/strategies/rescore.js';
export { type TranslateOptions, type Translation, textsIn, translate } from '../query/translation/translate.js';
export { parsePruning, topK, unpruned } from '../sparse/pruning.js';
export { SparseVector } from '../sparse/sparse-vector.js';
export { Vocabulary } from '../sparse/vocabulary.js';
