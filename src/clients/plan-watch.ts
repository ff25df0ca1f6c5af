import type { JsonObject } from '../dialect/dialect.js';
import { isObject } from '../dialect/plain-object.js';
import { ModelMismatch, mustMatchPlan } from '../mapping/match-plan.js';
import { hasVectorPlan, readVectorPlan } from '../mapping/vector-plan.js';
import type { SpladePlan } from './splade-plan.js';
import { answerIn, type Send } from './wire-request.js';

/** An answer that names no index may be of any: so often it is looked which the planned names stand for. */
const LOOKS_AFTER_MS = 10_000;

/**
 * Sees to it that vectors of one model do not meet those of another when an alias moves. Every answer with documents names the indices that it came from,
 * so nothing more is asked as long as they stay the same; the first answer of another one has the mapping of the planned names read, and so, once in ten
 * seconds, has one that names none: terms of another vocabulary find nothing.
 */
export class PlanWatch {
  /** The indices that the names stood for when they were read. */
  #standing: ReadonlySet<string> = new Set();
  /** Indices of requests that go to others beside the planned ones. */
  readonly #others = new Set<string>();
  /** Of the index that the names were last known to stand for, if it is of another model. */
  #refusal: ModelMismatch | undefined;
  #mayNotRead = false;
  #looksFrom = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of a clock that only goes forward. */
  constructor(
    private readonly splade: SpladePlan,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Nothing is sent to an index of another model, once it is known; an alias that moves back is seen. @throws {ModelMismatch} */
  async before(send: Send): Promise<void> {
    if (!this.#refusal) return;
    const mappings = await this.#read(send);
    if (!mappings) throw this.#refusal;
    this.#stand(mappings);
  }

  /**
   * @param given what the transport gave. @param mayBeOthers whether the request went to indices beside the planned ones, too.
   * @throws {ModelMismatch}
   */
  async after(given: unknown, send: Send, mayBeOthers: boolean): Promise<void> {
    const named = indicesIn(answerIn(given));
    const isKnown = (index: string) => this.#standing.has(index) || (mayBeOthers && this.#others.has(index));
    const isOld = named.every(isKnown) && (named.some((index) => this.#standing.has(index)) || !this.#looks());
    if (isOld || this.#mayNotRead) return;
    const mappings = await this.#read(send);
    if (!mappings) return;
    this.#stand(mappings);
    if (mayBeOthers) for (const index of named) if (!this.#standing.has(index)) this.#others.add(index);
  }

  #looks(): boolean {
    const now = this.now();
    if (now < this.#looksFrom) return false;
    this.#looksFrom = now + LOOKS_AFTER_MS;
    return true;
  }

  /** @throws {ModelMismatch} unless all the indices are of the planned model. */
  #stand(mappings: Readonly<Record<string, { readonly mappings: JsonObject }>>): void {
    const { model, vocabulary } = this.splade.plan;
    this.#refusal = undefined;
    try {
      for (const [index, { mappings: mapping }] of Object.entries(mappings))
        if (hasVectorPlan(mapping)) mustMatchPlan(index, readVectorPlan(index, mapping), model, vocabulary);
    } catch (fault) {
      if (fault instanceof ModelMismatch) this.#refusal = fault;
      throw fault;
    }
    this.#standing = new Set(Object.keys(mappings));
  }

  /** The mappings of the planned names by concrete index; `undefined` where the engine does not say: the plan given then stands. */
  async #read(send: Send): Promise<Readonly<Record<string, { readonly mappings: JsonObject }>> | undefined> {
    const names = [this.splade.index].flat().map(encodeURIComponent).join(',');
    try {
      const querystring = { ignore_unavailable: 'true' };
      const answer = answerIn(await send({ method: 'GET', path: `/${names}/_mapping`, querystring }));
      const isRead = isObject(answer) && Object.values(answer).every((one) => isObject(one) && isObject(one.mappings));
      return isRead ? (answer as Record<string, { mappings: JsonObject }>) : undefined;
    } catch (thrown) {
      const { statusCode } = thrown as { statusCode?: number };
      this.#mayNotRead = statusCode === 401 || statusCode === 403;
      return undefined;
    }
  }
}

/** The concrete indices that an answer is from: of hits, of several searches, of a written document, of a bulk. */
function indicesIn(answer: unknown): string[] {
  const found = new Set<string>();
  const note = (one: unknown) => {
    if (isObject(one) && typeof one._index === 'string') found.add(one._index);
  };
  const noteHits = (one: unknown) => {
    const hits = isObject(one) && isObject(one.hits) ? one.hits.hits : undefined;
    if (Array.isArray(hits)) hits.forEach(note);
  };
  if (!isObject(answer)) return [];
  note(answer);
  for (const one of [answer, answer.response, ...listOf(answer.responses)]) noteHits(one);
  for (const item of listOf(answer.items)) if (isObject(item)) Object.values(item).forEach(note);
  return [...found];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
