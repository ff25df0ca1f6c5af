import type { JsonObject } from '../dialect/dialect.js';
import { traitsOf } from '../dialect/engine-traits.js';
import type { Engine } from '../engine/engine.js';
import { patient, retryOf } from './bulk/patient-engine.js';
import { untilAnswered, type Waiting } from './bulk/until-answered.js';

export interface DumpOptions extends Waiting {
  /** Only documents that match a query of the engine's own. */
  readonly query?: JsonObject;
}

const PAGE = 500;

/**
 * The documents of an index from one snapshot, each as an object of `_id`, `_routing` where it has one, and its fields, vectors among them,
 * also where the engine leaves them out of `_source` unless asked (Elasticsearch 9.2 and newer). An engine that cannot answer at the moment is waited for.
 */
export async function* dumpIndex(
  cluster: Engine,
  index: string,
  { query, signal, retry }: DumpOptions = {},
): AsyncGenerator<JsonObject> {
  const engine = patient(cluster, retry);
  const patiently = <T>(ask: () => Promise<T>) => untilAnswered(ask, { signal, retry: retryOf(engine) });
  const { name, shown } = await engine.describeIndex(index, { signal });
  // An alias that shows only a part of its index is asked itself; any other may move meanwhile.
  await using snapshot = await patiently(() => engine.snapshot(shown ? index : name, { signal }));
  const { source } = traitsOf(engine.version).wholeDocuments;
  for await (const page of snapshot.pages({ size: PAGE, query, source, signal, patiently })) {
    for (const { id, routing, source: fields } of page) {
      yield { _id: id, ...(routing !== undefined && { _routing: routing }), ...fields };
    }
  }
}
