import type { StrategySettings } from '../query/strategies/parse-strategy.js';
import type { Admission } from '../service/admission.js';
import type { Mode } from './exchange.js';
import type { PlanCache } from './plan-cache.js';
import type { PointsInTime } from './points-in-time.js';
import type { SharedPlan } from './splade-requests.js';
import type { Upstream } from './upstream.js';

/** What bounds requests that are read and changed; what passes is streamed and has no bound. */
export interface GatewayLimits {
  /** Bytes of a search's body. */
  readonly searchBytes: number;
  /** Bytes of an answer that is joined with another (`hybrid`), or explained: it is held whole. Others are streamed, and so are larger ones, neither joined nor explained. */
  readonly answerBytes: number;
  /** Bytes of a single document; a bulk is read in slices and has none. */
  readonly documentBytes: number;
  /** Requests that are changed at once. */
  readonly concurrent: number;
  /** Milliseconds in which the engine takes no byte of a body that is there for it, or gives none of its answer; then it is 504, or within an answer, after twice that at most, a broken one. */
  readonly upstreamMs: number;
  /** Milliseconds for a request's headers to arrive. */
  readonly headersMs: number;
  /** Milliseconds without a byte of a body that is read; then it is 408. */
  readonly stalledMs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  searchBytes: 10_000_000,
  answerBytes: 10_000_000,
  documentBytes: 100_000_000,
  concurrent: 256,
  upstreamMs: 120_000,
  headersMs: 15_000,
  stalledMs: 120_000,
};

/** What requests are handled with. */
export interface GatewayContext {
  readonly upstream: Upstream;
  readonly plans: PlanCache;
  readonly points: PointsInTime;
  readonly shared: SharedPlan;
  readonly limits: GatewayLimits;
  readonly admission: Admission;
  readonly mode: Mode;
  /** What its modes are told beside their names. */
  readonly settings: StrategySettings;
  /** What becomes of a search when the encoder fails: asked as it stands and marked so, or 503. */
  readonly onEncoderFailure: 'lexical' | 'refuse';
}
