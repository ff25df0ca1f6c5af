import type { FastifyReply } from 'fastify';
import type { Bounds, ServedModels } from './served-model.js';
import { RequestRefused } from './service-faults.js';
import { mostTexts, type ServiceLimits } from './service-limits.js';

/** What routes stand on. */
export interface RouteContext {
  readonly models: ServedModels;
  readonly limits: ServiceLimits;
}

/** The texts of a request. @throws {RequestRefused} for none. */
export function textsOf(inputs: string | readonly string[]): readonly string[] {
  const texts = typeof inputs === 'string' ? [inputs] : inputs;
  if (texts.length === 0) throw new RequestRefused('Empty', '`inputs` cannot be empty', 'Send a text');
  return texts;
}

/**
 * Before a body is looked at item by item: complaints of a million items would hold the thread for seconds.
 * @throws {RequestRefused} for more texts than a request may hold.
 */
export function mustBeFew(body: unknown, limits: ServiceLimits): void {
  const { inputs } = (body ?? {}) as { inputs?: unknown };
  const most = mostTexts(limits);
  if (!Array.isArray(inputs) || inputs.length <= most) return;
  const found = `batch size ${inputs.length} > maximum allowed batch size ${most}`;
  throw new RequestRefused('Validation', found, 'Send them in several requests');
}

/** Ends the work of a request when its client leaves, or its time is over. */
export function boundsOf(reply: FastifyReply, { deadlineMs }: ServiceLimits): Bounds {
  const ending = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) ending.abort(new Error('the client left'));
  });
  return { ending, deadlineMs };
}

/** Sends JSON that is written already. */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(json);
}
