import type { JsonObject } from '../dialect/dialect.js';
import { exactJson, parseExactJson } from '../dialect/exact-number.js';
import { replacing } from '../dialect/kept-passages.js';
import type { GatewayContext } from './gateway-context.js';
import { RequestNotHandedOn } from './gateway-faults.js';
import type { Ask } from './own-requests.js';
import { type PlannedIndex, planKey } from './plan-cache.js';
import { withVectorsOf } from './vectors-of-writes.js';

/** A document that the engine put into another index than those that its plan was read for. */
export interface Misplaced {
  readonly id: string;
  readonly routing?: string;
  /** What it was made ready by; `undefined` where it was written without vectors. */
  readonly by?: PlannedIndex;
}

interface ReadDocument {
  readonly misplaced: Misplaced;
  readonly source: JsonObject;
  /** The state that was read: the engine refuses a change of any other. */
  readonly version: JsonObject;
}

const AT_ONCE = 250;
const FAILED = 300;
const CONFLICT = 409;
/** Written again, or deleted, meanwhile: whoever did that has had the last word. */
const CHANGED_SINCE = [404, 409];

/**
 * Gives documents the vectors of the index that they are in, and takes away those of the plan that they were made ready by. Each is read as it stands now, and
 * changed only where nobody has changed it since.
 * @param planned of that index. @param refresh as the write asked for it. @returns how many were changed.
 * @throws {RequestNotHandedOn} where the engine refuses that. {@link UpstreamFailed}
 */
export async function mendMisplaced(
  index: string,
  documents: readonly Misplaced[],
  planned: PlannedIndex | undefined,
  { ask, refresh, context, signal }: { ask: Ask; refresh?: string; context: GatewayContext; signal: AbortSignal },
): Promise<number> {
  const path = `/${encodeURIComponent(index)}`;
  const wrong = documents.filter(({ by }) => planKey(by) !== planKey(planned));
  let mended = 0;
  for (let at = 0; at < wrong.length; at += AT_ONCE) {
    const read = await readDocuments(path, wrong.slice(at, at + AT_ONCE), ask);
    const vectors = await vectorsOf(index, read, planned, context, signal);
    const lines = read.flatMap(({ misplaced, version }, i) => {
      const doc = { ...nothingOf(misplaced.by), ...vectors[i] };
      if (Object.keys(doc).length === 0) return [];
      const { id, routing } = misplaced;
      return [{ update: { _id: id, ...(routing !== undefined && { routing }), ...version } }, { doc }];
    });
    if (lines.length === 0) continue;
    const query = refresh === undefined ? '' : `?${new URLSearchParams({ refresh })}`;
    const body = lines.map((line) => `${exactJson(line)}\n`).join('');
    const { items } = await asked(ask, `${path}/_bulk${query}`, body);
    mustBeDone(index, items as readonly JsonObject[]);
    mended += lines.length / 2;
  }
  return mended;
}

async function readDocuments(path: string, documents: readonly Misplaced[], ask: Ask): Promise<ReadDocument[]> {
  const docs = documents.map(({ id, routing }) => ({ _id: id, ...(routing !== undefined && { routing }) }));
  const answer = await asked(ask, `${path}/_mget`, JSON.stringify({ docs }));
  return (answer.docs as readonly JsonObject[]).flatMap(({ found, _source, _seq_no, _primary_term }, i) => {
    if (!found || !_source) return [];
    const version = { if_seq_no: _seq_no, if_primary_term: _primary_term };
    return [{ misplaced: documents[i]!, source: _source as JsonObject, version }];
  });
}

/** The vector fields of each, in the form that takes the place of what is there. */
async function vectorsOf(
  index: string,
  read: readonly ReadDocument[],
  planned: PlannedIndex | undefined,
  context: GatewayContext,
  signal: AbortSignal,
): Promise<JsonObject[]> {
  if (!planned || read.length === 0) return [];
  const bulkBody = read.flatMap(({ source }) => [{ index: { _index: index } }, source]);
  const request = { method: 'POST', path: '/_bulk', bulkBody };
  const vectors = () => withVectorsOf(request, [{ ...planned, index: [index] }], context, signal);
  const lines = (await context.admission.admitInTurn(1, vectors, signal)).bulkBody as JsonObject[];
  const fields = Object.keys(planned.plan.vectors);
  return read.map(({ source }, i) => {
    const document = lines[2 * i + 1]!;
    const made = document === source ? [] : fields.filter((field) => document[field] !== source[field]);
    return Object.fromEntries(made.map((field) => [field, replacing(document[field] as JsonObject)]));
  });
}

/** The fields of a plan, with nothing in them: a list, for vector fields take no null. Whether a document has them, engines that hide vectors do not say. */
function nothingOf(by: PlannedIndex | undefined): JsonObject {
  return Object.fromEntries(Object.keys(by?.plan.vectors ?? {}).map((field) => [field, []]));
}

async function asked(ask: Ask, path: string, body: string): Promise<JsonObject> {
  const answer = await ask('POST', path, body);
  if (answer.status >= FAILED) throw new NotMended(path, `${answer.status}`);
  return parseExactJson(answer.body, 'as written') as JsonObject;
}

function mustBeDone(index: string, items: readonly JsonObject[]): void {
  const statuses = items.map(({ update }) => Number((update as JsonObject).status));
  const refused = statuses.find((status) => status >= FAILED && !CHANGED_SINCE.includes(status));
  if (refused !== undefined) throw new NotMended(index, `${refused}`);
}

/** What was written is in an index without the vectors of its plan, and could not be given them. */
class NotMended extends RequestNotHandedOn {
  constructor(where: string, found: string) {
    super(
      CONFLICT,
      `the name that was written to stands for another index since, and what is there could not be given its vectors (${where}: ${found})`,
      'Send it again; whoever writes through the gateway needs the right to read and write there',
    );
  }
}
