import { PartialText } from '../clients/rewrite-writes.js';
import type { ClientRequest } from '../clients/wire-request.js';
import { Fault, messageOf } from '../fault/fault.js';
import type { GatewayContext } from './gateway-context.js';
import { EncoderFailed, PlanUnread, RequestNotHandedOn, UpstreamFailed } from './gateway-faults.js';
import { type PlannedNames, sendPlanned } from './splade-requests.js';

const BAD_REQUEST = 400;
const CONFLICT = 409;
const ENCODER_FAILED = 503;

/** A request with its vectors. @throws {RequestNotHandedOn} where they cannot be made: without them a document would be lost to searches. */
export async function withVectorsOf(
  request: ClientRequest,
  planned: readonly PlannedNames[],
  { shared }: GatewayContext,
  signal: AbortSignal,
): Promise<ClientRequest> {
  try {
    return (await sendPlanned(request, planned, shared, async (changed) => changed, signal)) as ClientRequest;
  } catch (thrown) {
    if (thrown instanceof UpstreamFailed || signal.aborted) throw thrown;
    throw refusalOf(thrown);
  }
}

/** What reads the plan of what is written: an index whose vectors this gateway cannot make, or does not know of, is not written to without them. */
export async function orRefused<T>(plan: () => Promise<T>): Promise<T> {
  try {
    return await plan();
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown instanceof UpstreamFailed || thrown instanceof RequestNotHandedOn)
      throw thrown;
    const status = thrown instanceof PlanUnread ? thrown.status : CONFLICT;
    throw new RequestNotHandedOn(status, `${thrown.asked}: ${thrown.found}`, thrown.remedy);
  }
}

function refusalOf(thrown: unknown): RequestNotHandedOn {
  if (thrown instanceof EncoderFailed) {
    const found = 'the encoder failed, and a document without its vector would be lost to searches';
    return new RequestNotHandedOn(ENCODER_FAILED, found, thrown.remedy);
  }
  if (thrown instanceof PartialText) return new RequestNotHandedOn(BAD_REQUEST, thrown.found, thrown.remedy);
  const found = `a body that cannot be read as what is written there: ${messageOf(thrown)}`;
  return new RequestNotHandedOn(BAD_REQUEST, found, 'Send what the engine takes there, or with x-termweave: off');
}
