/** What one request, and all of them together, may ask. */
export interface ServiceLimits {
  /** Texts in a request. */
  readonly batch: number;
  /** Texts that wait or are at work, for each model; more is answered 429. */
  readonly queue: number;
  /** Bytes in a request's body. */
  readonly bodyBytes: number;
  /** Milliseconds for a request's vectors, waiting included; then it is answered 429. */
  readonly deadlineMs: number;
  /** Milliseconds for a request to arrive, head and body; an answer of which nothing is read for so long is broken off, the deadline over. */
  readonly arrivalMs: number;
  /** Connections that are open at once; more are closed as they come. */
  readonly connections: number;
}

/** 2 MB is what text-embeddings-inference takes. */
export const DEFAULT_LIMITS: ServiceLimits = {
  batch: 256,
  queue: 512,
  bodyBytes: 2_000_000,
  deadlineMs: 30_000,
  arrivalMs: 15_000,
  connections: 4_096,
};

/** Texts that one request may bring: no more than its model's queue holds. */
export function mostTexts({ batch, queue }: Pick<ServiceLimits, 'batch' | 'queue'>): number {
  return Math.min(batch, queue);
}
