import type { JsonObject } from '../dialect/dialect.js';
import { isObject } from '../dialect/plain-object.js';
import { ModelMismatch, mustMatchPlan } from '../mapping/match-plan.js';
import { hasVectorPlan, readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';
import { indicesIn } from './answered-indices.js';
import { mustBeAskable } from './askable-field.js';
import { OneAtATime } from './one-at-a-time.js';
import { Pause } from './pause.js';
import type { SpladePlan } from './splade-plan.js';
import { answerIn, type Send } from './wire-request.js';

/** An answer that names no index may be of any: so often it is looked which the planned names stand for. */
const LOOKS_AFTER_MS = 10_000;
/** So often for a request that the engine refuses, of which applications may send many. */
const REFUSED_AFTER_MS = 5_000;
/** An index that was made anew under its own name may answer as the one before did: no mapping is believed for longer. */
const OLD_AFTER_MS = 60_000;

type Mappings = Readonly<Record<string, { readonly mappings: JsonObject }>>;

/**
 * Sees to it that vectors of one model do not meet those of another when an alias moves or an index is made anew, and that the fields asked are those that
 * are there. Every answer with documents names the indices that it came from, so little is asked as long as they stay the same. The mapping of the planned
 * names is read at the first answer of another index; once in ten seconds at one that names none, for terms of another vocabulary find nothing; once in
 * five where the engine refuses a request, for a field may be gone; and beside the requests where it was read a minute ago.
 */
export class PlanWatch {
  #splade: SpladePlan;
  /** The plan of the mapping when it was last read, as JSON. */
  #written: string | undefined;
  /** The indices that the names stood for when they were read. */
  #standing: ReadonlySet<string> = new Set();
  /** Indices of requests that go to others beside the planned ones. */
  readonly #others = new Set<string>();
  /** Of the index that the names were last known to stand for, if it is of another model. */
  #refusal: ModelMismatch | undefined;
  /** A caller who may not read mappings is taken at their word for so long; another may. */
  #mayNotReadUntil = Number.NEGATIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  readonly #silence: Pause;
  readonly #refusals: Pause;
  /** Whether the engine said what the names stand for. */
  readonly #readings = new OneAtATime<boolean>();

  /** @param now milliseconds of a clock that only goes forward. */
  constructor(
    given: SpladePlan,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#splade = given;
    this.#silence = new Pause(LOOKS_AFTER_MS, now);
    this.#refusals = new Pause(REFUSED_AFTER_MS, now);
  }

  /** By which requests are rewritten: with the plan given, or that of the index as it was made anew. Another object whenever it has changed. */
  get splade(): SpladePlan {
    return this.#splade;
  }

  /** Nothing is sent to an index of another model, once it is known; an alias that moves back is seen. @throws {ModelMismatch} */
  async before(look: Send): Promise<void> {
    if (this.#refusal && !(await this.#read(look))) throw this.#refusal;
  }

  /**
   * @param given what the transport gave. @param mayBeOthers whether the request went to indices beside the planned ones, too.
   * @throws {ModelMismatch}
   */
  async after(given: unknown, look: Send, mayBeOthers: boolean): Promise<void> {
    if (this.#mayNotRead()) return;
    const named = indicesIn(answerIn(given));
    const isStanding = (index: string) => this.#standing.has(index);
    const areKnown = () => named.every((index) => isStanding(index) || (mayBeOthers && this.#others.has(index)));
    if (areKnown()) {
      if (named.some(isStanding) || !this.#silence.isOver()) return this.#readBeside(look);
      await this.#read(look);
      return;
    }
    // What is told to the first of several answers at once need not be asked for the others.
    if (this.#readings.latest) await this.#readings.latest.catch(() => {});
    if (areKnown()) return;
    if ((await this.#read(look)) && mayBeOthers)
      for (const index of named) if (!isStanding(index)) this.#others.add(index);
  }

  /** After a request that the engine refused: its fields may be those of an index that is no more. @throws {ModelMismatch} */
  async refused(look: Send): Promise<void> {
    if (this.#mayNotRead()) return;
    await (this.#refusals.isOver() ? this.#read(look) : this.#readings.latest);
  }

  #mayNotRead(): boolean {
    return this.now() < this.#mayNotReadUntil;
  }

  /** What it finds is for the requests after this one, which has its answer. */
  #readBeside(look: Send): void {
    if (this.now() - this.#readAt >= OLD_AFTER_MS) void this.#read(look).catch(() => {});
  }

  /** @returns whether the engine said what the names stand for, now or later. @throws {ModelMismatch} unless all the indices are of the planned model. */
  #read(look: Send): Promise<boolean> {
    return this.#readings.read(() => this.#readNow(look));
  }

  async #readNow(look: Send): Promise<boolean> {
    const mappings = await this.#mappings(look);
    if (!mappings) return false;
    this.#refusal = undefined;
    try {
      this.#follow(plansThatMatch(mappings, this.#splade));
    } catch (fault) {
      if (fault instanceof ModelMismatch) this.#refusal = fault;
      throw fault;
    }
    this.#standing = new Set(Object.keys(mappings));
    return true;
  }

  /** Of several plans at once none is that of all the names: the one at hand stays. */
  #follow(plans: readonly VectorPlan[]): void {
    const [written, ...others] = new Set(plans.map((plan) => JSON.stringify(plan)));
    if (written === undefined || others.length > 0) return;
    const hasChanged = this.#written !== undefined && this.#written !== written;
    this.#written = written;
    if (hasChanged || !stillHolds(this.#splade.plan, plans[0]!)) this.#splade = { ...this.#splade, plan: plans[0]! };
  }

  /** The mappings of the planned names by concrete index; `undefined` where the engine does not say: the plan at hand then stands. */
  async #mappings(look: Send): Promise<Mappings | undefined> {
    const names = [this.#splade.index].flat().map(encodeURIComponent).join(',');
    this.#readAt = this.now();
    try {
      const querystring = { ignore_unavailable: 'true' };
      const answer = answerIn(await look({ method: 'GET', path: `/${names}/_mapping`, querystring }));
      const isRead = isObject(answer) && Object.values(answer).every((one) => isObject(one) && isObject(one.mappings));
      return isRead ? (answer as Mappings) : undefined;
    } catch (thrown) {
      const { statusCode } = thrown as { statusCode?: number };
      if (statusCode === 401 || statusCode === 403) this.#mayNotReadUntil = this.now() + OLD_AFTER_MS;
      return undefined;
    }
  }
}

/** The plans of the indices that have one. @throws {ModelMismatch} */
function plansThatMatch(mappings: Mappings, { plan: { model, vocabulary }, dialect }: SpladePlan): VectorPlan[] {
  const planned = Object.entries(mappings).filter(([, { mappings: mapping }]) => hasVectorPlan(mapping));
  return planned.map(([index, { mappings: mapping }]) => {
    const plan = readVectorPlan(index, mapping);
    mustMatchPlan(index, plan, model, vocabulary);
    mustBeAskable(index, mapping, plan, dialect);
    return plan;
  });
}

/** Whether all that a plan says of its fields is true of the index's: who gave it may have left some of them out. */
function stillHolds(plan: VectorPlan, ofIndex: VectorPlan): boolean {
  const isSame = ([field, vector]: [string, unknown]) =>
    JSON.stringify(vector) === JSON.stringify(ofIndex.vectors[field]);
  return plan.model.maxTokens === ofIndex.model.maxTokens && Object.entries(plan.vectors).every(isSame);
}
