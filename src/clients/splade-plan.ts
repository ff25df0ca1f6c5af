import type { Dialect } from '../dialect/dialect.js';
import type { Encoder } from '../encoder/encoder.js';
import type { VectorPlan } from '../mapping/vector-plan.js';
import type { QueryVectors } from '../query/query-vectors.js';
import type { Strategy } from '../query/strategies/strategy.js';
import type { TranslationReport } from '../query/translation/translation-report.js';
import type { Pruning } from '../sparse/pruning.js';
import type { SparseVector } from '../sparse/sparse-vector.js';

/** What a wrapped client does, and to which indices. */
export interface SpladePlan {
  /** The index as the application names it: its name, its aliases. Requests to any other pass through. */
  readonly index: string | readonly string[];
  /** What the index says of its vectors: `readVectorPlan(name, mappings)`. */
  readonly plan: VectorPlan;
  readonly dialect: Dialect;
  /** Of the plan's model, or {@link withSplade} throws. The wrapped client does not close it. */
  readonly encoder: Pick<Encoder, 'encode' | 'identity' | 'vocabulary'>;
  /** Default {@link replace}. */
  readonly strategy?: Strategy;
  /** Of queries' vectors. */
  readonly pruning?: Pruning;
  /** Vectors of queries remembered, where several clients or `translate` itself shall share them. Default: this client's own. */
  readonly queryVectors?: QueryVectors;
  /** Told of every search body, translated or not, and of the vectors of its texts. */
  readonly onTranslated?: (report: TranslationReport, vectors: ReadonlyMap<string, SparseVector>) => void;
}
