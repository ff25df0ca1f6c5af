import type { JsonObject } from '../../dialect/dialect.js';
import { ExactNumber } from '../../dialect/exact-number.js';
import type { Engine, IndexDescription, RequestOptions } from '../../engine/engine.js';
import { EngineRefused } from '../../engine/engine-faults.js';
import { primaryShards } from '../../engine/primary-shards.js';
import { mappedField } from '../../mapping/mapped-field.js';
import { patiently } from '../bulk/patient-engine.js';
import { FollowFieldUnfit } from './reindex-faults.js';

/** A field that grows with every change. */
export interface FollowField {
  /** Its highest value in the index now, dates up to the present, as {@link since} takes it; `undefined` where no document has one. */
  highest(options: RequestOptions): Promise<unknown>;
  /** The documents that may have changed since a value was the highest. */
  since(mark: unknown): JsonObject;
}

/** The engine's own sequence number of each change, by shard. */
const SEQUENCE_NUMBER = '_seq_no';
const DATES = ['date', 'date_nanos'];
const OBJECTS = new Set<unknown>([undefined, 'object', 'nested']);
const DATE_OVERLAP_MS = 600_000;
/** Whole numbers beyond 2^53 come rounded, by up to this share of them. */
const ROUNDING = 2 ** -52;

/**
 * The field to follow an index by. Timestamps are set by clocks that differ, and documents arrive later than they are stamped: each pass
 * reads again from `overlap` before the last value (milliseconds for dates, 10 minutes unless given; the field's own units, 0 unless given, for
 * other numbers). Documents that are unchanged are passed over by their hash, so that a generous overlap costs reading, not encoding.
 * `_seq_no` needs none: the engine itself counts every change of a shard.
 */
export function followField(engine: Engine, index: IndexDescription, field: string, overlap?: number): FollowField {
  if (field === SEQUENCE_NUMBER) return sequenceNumber(engine, index.name);
  const isDate = DATES.includes(String(mappedField(index.mappings, field)?.type));
  const back = overlap ?? (isDate ? DATE_OVERLAP_MS : 0);
  return {
    highest: (options) => highestValue(engine, index.name, field, isDate, options),
    since: (mark) => {
      if (mark === undefined) return { match_all: {} };
      const from = typeof mark === 'number' ? mark - back - (Number.isSafeInteger(mark) ? 0 : mark * ROUNDING) : mark;
      // With `gte`: of documents that share the last value, some may have come later.
      return { range: { [field]: { gte: from, ...(isDate && { format: 'epoch_millis' }) } } };
    },
  };
}

/**
 * Checks that an index can be followed by a field: asks, as following does, for its highest value and for what has come since. What can be sorted is for
 * the engine to say. A field that is not mapped is a slip of the pen where there are documents; an index without any may get it yet.
 * @throws {@link FollowFieldUnfit}
 */
export async function mustBeFollowable(
  engine: Engine,
  index: IndexDescription,
  field: string,
  options: RequestOptions,
): Promise<void> {
  if (field === SEQUENCE_NUMBER) return;
  const { name } = index;
  const mapping = mappingOf(index, field);
  // The engine takes them, and sorts by nothing.
  if (mapping && OBJECTS.has(mapping.type)) throw new FollowFieldUnfit(name, field, 'it holds other fields');
  const { highest, since } = followField(engine, index, field);
  try {
    const mark = await highest(options);
    await engine.search(name, { size: 0, query: since(mark) }, options);
    if (mark !== undefined || mapping) return;
  } catch (thrown) {
    if (!(thrown instanceof EngineRefused && thrown.status === 400)) throw thrown;
    throw new FollowFieldUnfit(name, field, `${thrown.type}: ${thrown.reason}`, thrown);
  }
  if ((await engine.count(name, undefined, options)) > 0)
    throw new FollowFieldUnfit(name, field, 'the index has no such field');
}

function mappingOf({ mappings }: IndexDescription, field: string): JsonObject | undefined {
  const computed = { ...(mappings.derived as JsonObject), ...(mappings.runtime as JsonObject) };
  return Object.hasOwn(computed, field) ? (computed[field] as JsonObject) : mappedField(mappings, field);
}

async function highestValue(
  engine: Engine,
  index: string,
  field: string,
  isDate: boolean,
  { signal }: RequestOptions,
): Promise<unknown> {
  await engine.refresh(index, { signal });
  // As milliseconds, of whatever resolution the field is.
  const order = { order: 'desc', missing: '_last', unmapped_type: 'long', ...(isDate && { numeric_type: 'date' }) };
  const body = { size: 1, query: { exists: { field } }, sort: [{ [field]: order }], _source: false };
  const { hits } = await engine.search(index, body, { signal });
  const value = hits[0]?.sort?.[0];
  const highest = value instanceof ExactNumber ? Number(value.text) : value;
  // A document that is dated ahead of its time must not hide those that come before that day.
  return isDate && typeof highest === 'number' ? Math.min(highest, Date.now()) : highest;
}

function sequenceNumber(engine: Engine, index: string): FollowField {
  return {
    highest: async ({ signal }) => {
      // Read before the refresh: what is counted is then also seen.
      const indices = await patiently(engine, () => primaryShards(engine, index, { signal }), { signal });
      await engine.refresh(index, { signal });
      // Each shard counts by itself: what is past the lowest of their counts may be new.
      return Math.min(...[...indices.values()].flat().map(({ settled }) => settled));
    },
    since: (mark) => (mark === undefined ? { match_all: {} } : { range: { [SEQUENCE_NUMBER]: { gt: mark } } }),
  };
}
