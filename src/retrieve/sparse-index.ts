import type { Dialect, JsonObject } from '../dialect/dialect.js';
import type { Engine, Hit, IndexDescription, RequestOptions, SearchAnswer } from '../engine/engine.js';
import { IndexUnavailable } from '../engine/engine-faults.js';
import { mustMatchPlan } from '../mapping/match-plan.js';
import type { ModelStamp, VectorPlan } from '../mapping/vector-plan.js';
import { type MatchedTerm, matchedPassage } from '../query/matched-terms.js';
import { type SparseQuery, sparseQuery } from '../query/sparse-query.js';
import { topK } from '../sparse/pruning.js';
import type { SparseVector, Term } from '../sparse/sparse-vector.js';
import type { Vocabulary } from '../sparse/vocabulary.js';
import { fullBody } from './full-body.js';
import { indexIdentity, type OpenedField, openField, reopenField } from './opened-field.js';
import { loadCeilings } from './two-phase/ceiling-store.js';
import type { Certificate, Doubt, KnownCeilings } from './two-phase/certificate.js';
import { searchInTwoPhases, type TwoPhaseOptions } from './two-phase/search-in-two-phases.js';

const DEFAULT_SIZE = 10;

/** Doubts that another table would not lift. */
const OF_THE_QUERY: ReadonlySet<Doubt> = new Set(['bound-too-high', 'no-gain']);

/** A document found, with the terms that made its score. */
export interface SparseHit {
  readonly id: string;
  /** The engine's `_score`: the dot product, a float32. */
  readonly score: number;
  /** The terms that query and document share, the largest product first; their products add up to the score. */
  readonly terms: readonly MatchedTerm[];
  /** The passage that made the score, where the index keeps passages. */
  readonly passage?: string;
  /** The document without its vectors. */
  readonly source: JsonObject;
}

/** The answer to a sparse search. */
export interface SparseAnswer {
  readonly hits: readonly SparseHit[];
  /** Whether the hits' `terms` are empty because `_source` excludes the vectors. The scores are right all the same. */
  readonly vectorsHidden: boolean;
  /** Terms that the engine's clause limit dropped from the query, heaviest first; empty where the scores are whole. */
  readonly dropped: readonly Term[];
  readonly tookMs: number;
  /** Whether the page is the full search's; present where it was asked in two phases. */
  readonly certificate?: Certificate;
}

export interface SparseSearchOptions extends RequestOptions {
  /** How many documents to return. Default 10. */
  readonly size?: number;
  /** A query of the engine's own that documents must pass; it does not score. */
  readonly filter?: JsonObject;
  /**
   * Heavy terms find, all terms score, and the answer says by what proof it is exact: see {@link searchInTwoPhases}. Needs the table that
   * `buildCeilings` makes. Not the default: where it may be quicker is in docs/two-phase.md.
   */
  readonly twoPhase?: TwoPhaseOptions | boolean;
}

/** How often a name may come to stand for another index during one search. */
const MOST_MOVES = 3;

/**
 * An index with sparse vectors: its plan read, its dialect known. Where its name is an alias that moves, searches follow it, as long as the index
 * there is of the same model. That costs no request: every hit says which index it is in, and only an answer without hits makes it look.
 */
export class SparseIndex implements OpenedField {
  #opened: OpenedField;
  #ceilings: Promise<KnownCeilings> | undefined;

  private constructor(opened: OpenedField) {
    this.#opened = opened;
  }

  /**
   * @param options.field the vector field; the plan's first where absent.
   * @throws {IndexNotFound} {@link NoVectorPlan} {@link NoSuchVectorField} {@link NotAVectorField}
   */
  static async open(
    engine: Engine,
    name: string,
    options: RequestOptions & { readonly field?: string } = {},
  ): Promise<SparseIndex> {
    return new SparseIndex(await openField(engine, name, options));
  }

  get engine(): Engine {
    return this.#opened.engine;
  }

  /** The name asked for: an index or an alias. */
  get name(): string {
    return this.#opened.name;
  }

  get description(): IndexDescription {
    return this.#opened.description;
  }

  get plan(): VectorPlan {
    return this.#opened.plan;
  }

  /** The vector field. */
  get field(): string {
    return this.#opened.field;
  }

  get dialect(): Dialect {
    return this.#opened.dialect;
  }

  /** @throws {ModelMismatch} unless vectors of this model may meet the index's. */
  mustMatch({ identity, vocabulary }: { readonly identity: ModelStamp; readonly vocabulary: Vocabulary }): void {
    mustMatchPlan(this.name, this.plan, identity, vocabulary.fingerprint);
  }

  /** The query for a vector, in the index's dialect. */
  query(vector: SparseVector): SparseQuery {
    return sparseQuery(vector, { dialect: this.dialect, field: this.field });
  }

  /**
   * The best documents for a vector, with the terms that made their scores.
   * @throws {ModelMismatch} where the name has come to stand for an index of another model; {IndexUnavailable} where it moves all the time.
   */
  async search(vector: SparseVector, options: SparseSearchOptions = {}): Promise<SparseAnswer> {
    for (let moves = 0; moves <= MOST_MOVES; moves++) {
      const opened = this.#opened;
      const found = options.twoPhase
        ? await this.#inTwoPhases(opened, vector, options)
        : { answer: await atOnce(opened, vector, options) };
      if (!(await this.#hasMoved(opened, found.answer.hits, options))) return told(opened, vector, found);
    }
    throw new IndexUnavailable(this.name, `it came to stand for another index ${MOST_MOVES + 1} times during a search`);
  }

  /** Whether hits are of another index than the one that was opened, or may be; it then stands opened. */
  async #hasMoved(opened: OpenedField, hits: readonly Hit[], options: SparseSearchOptions): Promise<boolean> {
    const areElsewhere = hits.some(({ index }) => index !== opened.description.name);
    if (!areElsewhere && (hits.length > 0 || options.size === 0)) return false;
    const now = await reopenField(opened, { signal: options.signal });
    if (!areElsewhere && indexIdentity(now) === indexIdentity(opened)) return false;
    this.#opened = now;
    this.#ceilings = undefined;
    return true;
  }

  async #inTwoPhases(opened: OpenedField, vector: SparseVector, { twoPhase, ...options }: SparseSearchOptions) {
    const { size = DEFAULT_SIZE } = options;
    const limits = typeof twoPhase === 'object' ? twoPhase : {};
    const request = { ...options, ...limits, size };
    const whole = topK(opened.dialect.limits.features).prune(vector);
    const answered = await searchInTwoPhases(opened, whole, await this.#loadedCeilings(opened), request);
    // The next search reads the table anew: it may have been built again.
    const { doubt } = answered.certificate;
    if (doubt !== undefined && !OF_THE_QUERY.has(doubt)) this.#ceilings = undefined;
    return answered;
  }

  /** Read once for all searches, so no single one's signal ends it. */
  #loadedCeilings(opened: OpenedField): Promise<KnownCeilings> {
    this.#ceilings ??= loadCeilings(opened).catch((thrown) => {
      this.#ceilings = undefined;
      throw thrown;
    });
    return this.#ceilings;
  }
}

function atOnce(opened: OpenedField, vector: SparseVector, options: SparseSearchOptions): Promise<SearchAnswer> {
  const { size = DEFAULT_SIZE, filter, signal } = options;
  return opened.engine.search(opened.name, fullBody(opened, vector, { size, filter }), { signal });
}

/** An answer of the engine as the caller is told it. */
function told(
  { plan, field, dialect }: OpenedField,
  vector: SparseVector,
  { answer, certificate }: { readonly answer: SearchAnswer; readonly certificate?: Certificate },
): SparseAnswer {
  const { features, dropped } = sparseQuery(vector, { dialect, field });
  const hits = answer.hits.map(({ id, score, source = {} }) => {
    const others = Object.entries(source).filter(([name]) => !Object.hasOwn(plan.vectors, name));
    const { terms, text: passage } = matchedPassage(features, source[field], dialect);
    return {
      id,
      score: score!,
      terms,
      ...(passage !== undefined && { passage }),
      source: Object.fromEntries(others),
    };
  });
  const vectorsHidden = hits.length > 0 && hits.every(({ terms }) => terms.length === 0);
  return { hits, vectorsHidden, dropped, tookMs: answer.tookMs, certificate };
}
