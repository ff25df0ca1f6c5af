import { Fault, type FaultKind } from '../fault/fault.js';

/** Kinds of errors and their HTTP status, as text-embeddings-inference 1.9 has them (router/src/http/server.rs). */
export const STATUS_OF = {
  Empty: 400,
  Validation: 413,
  Tokenizer: 422,
  Backend: 424,
  Overloaded: 429,
  Unhealthy: 503,
} as const;

export type ErrorType = keyof typeof STATUS_OF;

/** What the body of every answer that is no success holds. */
export interface ErrorBody {
  readonly error: string;
  readonly error_type: ErrorType;
}

/** A request that the service does not answer with vectors. */
export class RequestRefused extends Fault {
  readonly code = 'REQUEST_REFUSED';
  constructor(
    readonly errorType: ErrorType,
    found: string,
    remedy: string,
    /** Where it is not the status of the type. */
    readonly status: number = STATUS_OF[errorType],
  ) {
    super({ asked: 'the encode service', found, remedy });
  }
}

/** More texts wait than the service holds. */
export class ServiceOverloaded extends Fault {
  readonly code = 'SERVICE_OVERLOADED';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly waiting: number,
    /** Whole seconds until the texts that wait will be done, at the rate of late. */
    readonly retryAfterS: number,
    found: string,
  ) {
    super({ asked: 'encode more texts', found, remedy: `Ask again after ${retryAfterS} s, or add another service` });
  }
}
