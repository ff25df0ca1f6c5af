import { z } from 'zod';
import { messageOf } from '../fault/fault.js';
import { ServiceUnreachable } from './connector-faults.js';

const info = z.object({
  max_client_batch_size: z.number(),
  termweave: z.object({
    model: z.object({
      id: z.string(),
      weights: z.string(),
      configuration: z.string().optional(),
      pooling: z.string(),
      prompts: z.object({ query: z.string().optional(), document: z.string().optional() }).optional(),
      precision: z.string(),
      maxTokens: z.number(),
      compiler: z.number(),
      device: z.string().optional(),
    }),
    vocabulary: z.string(),
  }),
});

type Info = z.infer<typeof info>;

/** The model behind an encode service, as its `/info` tells it. */
export type DescribedService = Info['termweave'] & {
  /** Texts that it takes in a request. */
  readonly batch: number;
};

/** A service that is up answers at once; one that never does must not hold the command. */
const ANSWERS_WITHIN_MS = 10_000;

/** Asks a service for its model. @throws {ServiceUnreachable} */
export async function describeService(
  service: string,
  token?: string,
  signal?: AbortSignal,
): Promise<DescribedService> {
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  let answer: unknown;
  try {
    const bounds = [AbortSignal.timeout(ANSWERS_WITHIN_MS), ...(signal ? [signal] : [])];
    const response = await fetch(`${service}/info`, { headers, signal: AbortSignal.any(bounds) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    answer = await response.json();
  } catch (cause) {
    signal?.throwIfAborted();
    const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
    throw new ServiceUnreachable(service, messageOf(inner), cause);
  }
  const read = info.safeParse(answer);
  if (!read.success) throw new ServiceUnreachable(service, 'an answer to /info that is not of `termweave serve`');
  return { ...read.data.termweave, batch: read.data.max_client_batch_size };
}
