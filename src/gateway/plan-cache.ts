import { dialectIn } from '../dialect/choose-dialect.js';
import type { Dialect, JsonObject } from '../dialect/dialect.js';
import type { EngineVersion } from '../dialect/engine-version.js';
import type { Encoder } from '../encoder/encoder.js';
import { Fault } from '../fault/fault.js';
import { mustMatchPlan, mustTakeDocuments } from '../mapping/match-plan.js';
import { hasVectorPlan, readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';
import { MixedPlans } from './gateway-faults.js';
import type { IndexReader } from './index-reader.js';
import type { PlanOverrides } from './plan-overrides.js';

/** The vectors of an index, and how its engine says them. */
export interface PlannedIndex {
  readonly plan: VectorPlan;
  readonly dialect: Dialect;
}

/** Tells plans apart: documents of one key get the same vectors, said in the same way. */
export function planKey(planned: PlannedIndex | undefined): string {
  return planned ? JSON.stringify([planned.plan, planned.dialect.name]) : '';
}

/** What documents that are written to a name are made ready by. */
export interface PlanForWrites {
  /** `undefined` where they get no vectors. */
  readonly planned?: PlannedIndex;
  /** The indices that it was read for; `undefined` for a plan that goes with the name, wherever the engine puts what is written to it. */
  readonly indices?: ReadonlySet<string>;
}

/** One of the indices that a name stands for: its plan, none, or why it cannot be used. */
interface FoundPlan {
  readonly index: string;
  /** Tells plans apart. */
  readonly written?: string;
  readonly planned?: PlannedIndex;
  readonly fault?: Fault;
}

interface Remembered {
  /** When it was asked for. */
  readonly at: number;
  readonly found: readonly FoundPlan[];
}

interface Reading {
  readonly at: number;
  readonly found: Promise<readonly FoundPlan[]>;
}

export interface PlanCacheOptions {
  readonly version: EngineVersion;
  /** An index of another model is refused: {@link ModelMismatch}. */
  readonly encoder: Pick<Encoder, 'identity' | 'vocabulary'>;
  /** How long searches believe what was read, in milliseconds. */
  readonly refreshMs: number;
  /** Plans that go before those of the mappings. */
  readonly overrides?: PlanOverrides;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

const MOST_REMEMBERED = 10_000;
/** How long writes believe it: what an alias that has moved costs to mend ends then. And searches that the engine has refused, of which there may be many. */
const SOON_MS = 1_000;

/**
 * The plans of indices, by the names that requests use, aliases included; remembered for a while, and read with the rights of the request that
 * needs one. That an index has no plan is remembered too, but not that the engine did not say. Who needs one while it is being read waits for that.
 */
export class PlanCache {
  readonly #remembered = new Map<string, Remembered>();
  readonly #underWay = new Map<string, Reading>();
  readonly #now: () => number;

  constructor(private readonly options: PlanCacheOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * The plan to search a name by; `undefined` where it has none, or stands for indices of different plans.
   * @param isRefused whether the engine has refused a search by what is remembered: the name may stand for another index since.
   * @throws {ModelMismatch} for an index of another model. @throws {NotAVectorField} {@link NoVectorPlan} {@link PlanUnread}
   */
  async ofSearched(name: string, reader: IndexReader, isRefused = false): Promise<PlannedIndex | undefined> {
    const { refreshMs } = this.options;
    const found = await this.#found(name, reader, isRefused ? Math.min(SOON_MS, refreshMs) : refreshMs);
    const [first] = found.map(usable);
    return areAlike(found) ? first : undefined;
  }

  /**
   * The plan to write to a name by, read a second ago at most; where it stands for indices of different plans, that of the index which is written to.
   * An alias may have moved since: the engine's answer says where it has put what was written. @param isSeen whether that answer will be looked at.
   * @throws {MixedPlans} where that is not known; {ModelMismatch} also where its texts are cut elsewhere; as {@link ofSearched} besides.
   */
  async ofWritten(name: string, reader: IndexReader, isSeen: boolean): Promise<PlanForWrites> {
    const found = await this.#found(name, reader, isSeen ? Math.min(SOON_MS, this.options.refreshMs) : 0);
    const isFixed = this.options.overrides?.has(name);
    if (areAlike(found))
      return { planned: found[0] && this.#writable(name, found[0]), indices: isFixed ? undefined : indicesOf(found) };
    const writeIndex = await reader.writeIndex(name);
    const written = found.filter(({ index }) => index === writeIndex);
    if (written.length === 0) throw new MixedPlans(name);
    return { planned: this.#writable(name, written[0]!), indices: indicesOf(written) };
  }

  #writable(name: string, found: FoundPlan): PlannedIndex | undefined {
    const planned = usable(found);
    const { identity, vocabulary } = this.options.encoder;
    if (planned) mustTakeDocuments(name, planned.plan, identity, vocabulary.fingerprint);
    return planned;
  }

  async #found(name: string, reader: IndexReader, youngerThanMs: number): Promise<readonly FoundPlan[]> {
    if (this.options.overrides?.get(name) === null) return [];
    const now = this.#now();
    const isYoung = ({ at }: { readonly at: number }) => now - at < youngerThanMs;
    const known = this.#remembered.get(name);
    if (known && isYoung(known)) return known.found;
    const underWay = this.#underWay.get(name);
    // What ends the reading of another, its rights or its leaving, is no answer to this request.
    const shared = underWay && isYoung(underWay) ? await underWay.found.catch(() => undefined) : undefined;
    return shared ?? this.#read(name, reader);
  }

  async #read(name: string, reader: IndexReader): Promise<readonly FoundPlan[]> {
    const at = this.#now();
    const reading = { at, found: this.#foundBy(name, reader, at) };
    this.#underWay.set(name, reading);
    try {
      return await reading.found;
    } finally {
      if (this.#underWay.get(name) === reading) this.#underWay.delete(name);
    }
  }

  async #foundBy(name: string, reader: IndexReader, at: number): Promise<readonly FoundPlan[]> {
    const mappings = await reader.mappings(name);
    if (!mappings) return [];
    const found = Object.entries(mappings).map(([index, each]) => foundIn(name, index, each.mappings, this.options));
    // Of two readings the one that was begun last may end first.
    if ((this.#remembered.get(name)?.at ?? at) > at) return found;
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(name, { at, found });
    return found;
  }
}

function indicesOf(found: readonly FoundPlan[]): ReadonlySet<string> {
  return new Set(found.map(({ index }) => index));
}

function areAlike(found: readonly FoundPlan[]): boolean {
  return found.every(({ written }) => written === found[0]!.written);
}

function usable({ planned, fault }: FoundPlan): PlannedIndex | undefined {
  if (fault) throw fault;
  return planned;
}

function foundIn(name: string, index: string, mappings: JsonObject, options: PlanCacheOptions): FoundPlan {
  const { version, encoder, overrides } = options;
  const overriding = overrides?.get(name);
  if (!overriding && !hasVectorPlan(mappings)) return { index };
  const written = JSON.stringify(overriding ?? (mappings._meta as JsonObject).termweave);
  try {
    const plan = overriding ?? readVectorPlan(name, mappings);
    mustMatchPlan(name, plan, encoder.identity, encoder.vocabulary.fingerprint);
    const [field] = Object.keys(plan.vectors);
    return { index, written, planned: { plan, dialect: dialectIn(version, mappings, field!, plan.dialect) } };
  } catch (fault) {
    if (fault instanceof Fault) return { index, written, fault };
    throw fault;
  }
}
