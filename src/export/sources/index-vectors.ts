import { dialectIn } from '../../dialect/choose-dialect.js';
import type { Dialect, JsonObject } from '../../dialect/dialect.js';
import { mustHoldOneVector, vectorIn } from '../../dialect/kept-passages.js';
import type { Engine, Hit } from '../../engine/engine.js';
import { AccessDenied } from '../../engine/engine-faults.js';
import { patient, retryOf } from '../../ingest/bulk/patient-engine.js';
import { untilAnswered, type Waiting } from '../../ingest/bulk/until-answered.js';
import { NoVectorPlan, readVectorPlan } from '../../mapping/vector-plan.js';
import type { VectorOrigin } from '../export-vectors.js';
import type { TokenVector } from '../token-vector.js';
import { type VectorItem, type VectorItemsOptions, type VectorSource, withoutFirst } from '../vector-source.js';

/** An index that can be read as vectors. */
export interface IndexVectors extends VectorSource {
  readonly origin: VectorOrigin;
  /**
   * The mark of the index's writes: where it is the same, so are the vectors, in the same order. `null` where the engine does not let it be
   * asked for.
   */
  readonly state: string | null;
}

/**
 * The vectors that an index keeps, from one snapshot: as the engine gives them back, which is what it scores with.
 * Documents without a vector come with an empty one. An engine that cannot answer at the moment is waited for.
 * @param field the vector field; the first of the index's plan where none is named.
 * @throws {NoVectorPlan} {NotAVectorField} {PassagesKept}
 */
export async function indexVectors(
  cluster: Engine,
  index: string,
  field?: string,
  { signal, retry }: Waiting = {},
): Promise<IndexVectors> {
  const engine = patient(cluster, retry);
  const { name, mappings, shown } = await engine.describeIndex(index, { signal });
  const plan = readVectorPlan(name, mappings);
  const chosen = field ?? Object.keys(plan.vectors)[0];
  if (chosen === undefined || !Object.hasOwn((mappings.properties ?? {}) as JsonObject, chosen))
    throw new NoVectorPlan(name, `no field ${JSON.stringify(chosen)} in its mapping`);
  const dialect = dialectIn(engine.version, mappings, chosen);
  mustHoldOneVector(`the vectors of index ${name}, one for each document`, chosen, dialect);
  return {
    name,
    origin: { model: plan.model, vocabulary: plan.vocabulary },
    state: stateOf(await settledState(engine, name, signal), shown),
    // An alias that shows only a part of its index is asked itself; any other may move meanwhile.
    items: (options) => withoutFirst(itemsOf(engine, shown ? index : name, chosen, dialect, options), options.skip),
  };
}

/** Of a part of an index, the part is in it, too. */
function stateOf(settled: string | null, shown: JsonObject | undefined): string | null {
  return settled === null || shown === undefined ? settled : `${settled} ${JSON.stringify(shown)}`;
}

/** The mark first: whatever it counts can be searched after the refresh, and what comes later makes another mark. */
async function settledState(engine: Engine, index: string, signal: AbortSignal | undefined): Promise<string | null> {
  try {
    const mark = await engine.writeMark(index, { signal });
    await engine.refresh(index, { signal });
    return mark;
  } catch (thrown) {
    if (thrown instanceof AccessDenied) return null;
    throw thrown;
  }
}

const PAGE = 500;

async function* itemsOf(
  engine: Engine,
  index: string,
  field: string,
  { names, sourceWithVectors }: Dialect,
  { signal }: VectorItemsOptions,
): AsyncGenerator<VectorItem> {
  const waiting = { signal, retry: retryOf(engine) };
  const patiently = <T>(ask: () => Promise<T>) => untilAnswered(ask, waiting);
  await using snapshot = await patiently(() => engine.snapshot(index, { signal }));
  const source = { ...sourceWithVectors, includes: [field] };
  for await (const page of snapshot.pages({ size: PAGE, source, order: 'written', signal, patiently })) {
    for (const hit of page) yield { ok: true, document: vectorOf(hit, field, names) };
  }
}

function vectorOf({ id, source }: Hit, field: string, names: Dialect['names']): TokenVector {
  const features = Object.entries(vectorIn(source?.[field]));
  return { id, tokens: features.map(([name]) => names.tokenOf(name)), weights: features.map(([, weight]) => weight) };
}
