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
