import type { FastifyError, FastifyReply } from 'fastify';
import { EncoderClosed, EncoderCrashed, EncodingFailed } from '../encoder/encoder-faults.js';
import { Fault, messageOf } from '../fault/fault.js';
import { type ErrorBody, type ErrorType, RequestRefused, ServiceOverloaded, STATUS_OF } from './service-faults.js';

/** The answer to whatever was thrown: status, `error` and `error_type`, and when to come back. */
export function answerFault(thrown: unknown, reply: FastifyReply): FastifyReply {
  const { status, type } = natureOf(thrown);
  if (thrown instanceof ServiceOverloaded) reply.header('retry-after', thrown.retryAfterS);
  const error = thrown instanceof RequestRefused ? `${thrown.found}. ${thrown.remedy}` : messageOf(thrown);
  return reply.code(status).send({ error, error_type: type } satisfies ErrorBody);
}

function natureOf(thrown: unknown): { status: number; type: ErrorType } {
  if (thrown instanceof RequestRefused) return { status: thrown.status, type: thrown.errorType };
  if (thrown instanceof ServiceOverloaded) return ofType('Overloaded');
  if (thrown instanceof EncoderClosed) return ofType('Unhealthy');
  if (thrown instanceof EncoderCrashed || thrown instanceof EncodingFailed) return ofType('Backend');
  if (thrown instanceof Fault && thrown.kind === 'input') return { status: 422, type: 'Validation' };
  const { statusCode } = thrown as FastifyError;
  // The framework's own: a body that is too large, no JSON, of another kind.
  if (statusCode !== undefined && statusCode < 500) return { status: statusCode, type: 'Validation' };
  return ofType('Backend');
}

function ofType(type: ErrorType) {
  return { status: STATUS_OF[type], type };
}
