import { Fault, type FaultKind, messageOf } from '../fault/fault.js';

/** A request that the gateway does not hand on, with the status that says why. */
export class RequestNotHandedOn extends Fault {
  readonly code = 'GATEWAY_REFUSED';
  constructor(
    readonly status: number,
    found: string,
    remedy: string,
  ) {
    super({ asked: 'the gateway', found, remedy });
  }
}

/** The engine does not say what plan an index has: it may have one. */
export class PlanUnread extends Fault {
  readonly code = 'PLAN_UNREAD';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly index: string,
    /** What the engine answered, or 502 for an answer that is none. */
    readonly status: number,
  ) {
    const remedy =
      status === 401 || status === 403
        ? 'Grant the right to read its mapping (view_index_metadata), or send it with x-termweave: off'
        : 'Send it again';
    super({ asked: `the plan of ${index}`, found: `its mapping could not be read (${status})`, remedy });
  }
}

/** A name that stands for indices of different plans, and the one that is written to is not known. */
export class MixedPlans extends Fault {
  readonly code = 'PLANS_MIXED';
  constructor(readonly index: string) {
    super({
      asked: `the plan of ${index}`,
      found: 'it stands for indices of different plans, and which of them is written to is not known',
      remedy: 'Name its write index (is_write_index), or write to an index by its own name',
    });
  }
}

/** The engine behind the gateway gave no answer. */
export class UpstreamFailed extends Fault {
  readonly code = 'UPSTREAM_FAILED';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly status: 502 | 504,
    found: string,
    cause?: unknown,
  ) {
    super({ asked: 'an answer of the engine behind the gateway', found, remedy: 'Check that it is up', cause });
  }
}

/** The encoder failed, whatever by: what is done then is the gateway's policy. */
export class EncoderFailed extends Fault {
  readonly code = 'ENCODER_FAILED';
  override readonly kind: FaultKind = 'environment';
  constructor(cause: unknown) {
    super({ asked: 'vectors', found: messageOf(cause), remedy: 'Send it again', cause });
  }
}

/** The body of an answer that tells a fault, as engines tell theirs. */
export function errorBody(type: string, reason: string, status: number): string {
  const cause = { type, reason };
  return JSON.stringify({ error: { root_cause: [cause], ...cause }, status });
}
