import { z } from 'zod';
import { messageOf } from '../fault/fault.js';
import { ServiceUnreachable } from './connector-faults.js';

const info = z.object({
  termweave: z.object({
    model: z.object({
      id: z.string(),
      weights: z.string(),
      pooling: z.string(),
      precision: z.string(),
      maxTokens: z.number(),
      compiler: z.number(),
    }),
    vocabulary: z.string(),
  }),
});

/** The model behind an encode service, as its `/info` tells it. */
export type DescribedService = z.infer<typeof info>['termweave'];

/** Asks a service for its model. @throws {ServiceUnreachable} */
export async function describeService(
  service: string,
  token?: string,
  signal?: AbortSignal,
): Promise<DescribedService> {
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  let answer: unknown;
  try {
    const response = await fetch(`${service}/info`, { headers, signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    answer = await response.json();
  } catch (cause) {
    signal?.throwIfAborted();
    const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
    throw new ServiceUnreachable(service, messageOf(inner), cause);
  }
  const read = info.safeParse(answer);
  if (!read.success) throw new ServiceUnreachable(service, 'an answer to /info that is not of `termweave serve`');
  return read.data.termweave;
}
