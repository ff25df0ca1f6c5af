import { dialectIn } from '../dialect/choose-dialect.js';
import type { Dialect, JsonObject } from '../dialect/dialect.js';
import type { Engine, IndexDescription, RequestOptions, SearchAnswer } from '../engine/engine.js';
import { Fault } from '../fault/fault.js';
import { type ModelStamp, mustMatchPlan, readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';
import { type MatchedTerm, matchedPassage } from '../query/matched-terms.js';
import { type SparseQuery, sparseQuery } from '../query/sparse-query.js';
import { topK } from '../sparse/pruning.js';
import type { SparseVector, Term } from '../sparse/sparse-vector.js';
import type { Vocabulary } from '../sparse/vocabulary.js';
import type { OpenedField } from './opened-field.js';
import { loadCeilings } from './two-phase/ceiling-store.js';
import type { Ceilings } from './two-phase/ceilings.js';
import type { Certificate } from './two-phase/certificate.js';
import { searchInTwoPhases, type TwoPhaseOptions } from './two-phase/search-in-two-phases.js';

const DEFAULT_SIZE = 10;

/** A field that the index does not have, or has no vectors in. */
export class NoSuchVectorField extends Fault {
  readonly code = 'FIELD_UNKNOWN';
  constructor(
    readonly index: string,
    readonly field: string,
    readonly there: readonly string[],
  ) {
    super({
      asked: `vector field ${field} of index ${index}`,
      found: there.length > 0 ? `vector fields ${there.join(', ')}` : 'no vector field',
      remedy: 'Name one of them with --field',
    });
  }
}

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
   * `buildCeilings` makes. Not the default, for it is no quicker where it was measured: docs/two-phase.md.
   */
  readonly twoPhase?: TwoPhaseOptions | boolean;
}

/** An index with sparse vectors: its plan read, its dialect known. */
export class SparseIndex implements OpenedField {
  #ceilings: Promise<Ceilings | undefined> | undefined;

  private constructor(
    readonly engine: Engine,
    /** The name asked for: an index or an alias. */
    readonly name: string,
    readonly description: IndexDescription,
    readonly plan: VectorPlan,
    /** The vector field. */
    readonly field: string,
    readonly dialect: Dialect,
  ) {}

  /**
   * @param options.field the vector field; the plan's first where absent.
   * @throws {IndexNotFound} {@link NoVectorPlan} {@link NoSuchVectorField} {@link NotAVectorField}
   */
  static async open(
    engine: Engine,
    name: string,
    options: RequestOptions & { readonly field?: string } = {},
  ): Promise<SparseIndex> {
    const description = await engine.describeIndex(name, options);
    const plan = readVectorPlan(name, description.mappings);
    const there = Object.keys(plan.vectors);
    const field = options.field ?? there[0] ?? '';
    if (!Object.hasOwn(plan.vectors, field)) throw new NoSuchVectorField(name, field, there);
    const dialect = dialectIn(engine.version, description.mappings, field, plan.dialect);
    return new SparseIndex(engine, name, description, plan, field, dialect);
  }

  /** @throws {ModelMismatch} unless vectors of this model may meet the index's. */
  mustMatch({ identity, vocabulary }: { readonly identity: ModelStamp; readonly vocabulary: Vocabulary }): void {
    mustMatchPlan(this.name, this.plan, identity, vocabulary.fingerprint);
  }

  /** The query for a vector, in the index's dialect. */
  query(vector: SparseVector): SparseQuery {
    return sparseQuery(vector, { dialect: this.dialect, field: this.field });
  }

  /** The best documents for a vector, with the terms that made their scores. */
  async search(vector: SparseVector, options: SparseSearchOptions = {}): Promise<SparseAnswer> {
    const { query, features, dropped } = this.query(vector);
    const { answer, certificate } = options.twoPhase
      ? await this.#inTwoPhases(vector, options)
      : { answer: await this.#atOnce(query, options), certificate: undefined };
    const hits = answer.hits.map(({ id, score, source = {} }) => {
      const others = Object.entries(source).filter(([name]) => !Object.hasOwn(this.plan.vectors, name));
      const { terms, text: passage } = matchedPassage(features, source[this.field], this.dialect);
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

  #atOnce(query: JsonObject, options: SparseSearchOptions): Promise<SearchAnswer> {
    const { size = DEFAULT_SIZE, filter } = options;
    const body = {
      query: filter ? { bool: { must: [query], filter: [filter] } } : query,
      size,
      track_total_hits: false,
      _source: this.dialect.sourceWithVectors,
    };
    return this.engine.search(this.name, body, options);
  }

  async #inTwoPhases(vector: SparseVector, { twoPhase, ...options }: SparseSearchOptions) {
    const { size = DEFAULT_SIZE } = options;
    const limits = typeof twoPhase === 'object' ? twoPhase : {};
    const request = { ...options, ...limits, size, source: this.dialect.sourceWithVectors };
    const whole = topK(this.dialect.limits.features).prune(vector);
    const answered = await searchInTwoPhases(this, whole, await this.#loadedCeilings(), request);
    // The next search reads the table anew: it may have been built again.
    const { doubt } = answered.certificate;
    if (doubt === 'no-ceilings' || doubt === 'ceilings-outdated') this.#ceilings = undefined;
    return answered;
  }

  /** Read once for all searches, so no single one's signal ends it. */
  #loadedCeilings(): Promise<Ceilings | undefined> {
    this.#ceilings ??= loadCeilings(this).catch((thrown) => {
      this.#ceilings = undefined;
      throw thrown;
    });
    return this.#ceilings;
  }
}
