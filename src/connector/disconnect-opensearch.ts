import type { Engine } from '../engine/engine.js';
import { EngineRefused, IndexNotFound } from '../engine/engine-faults.js';
import { nameFor } from './connection.js';
import { removeRemoteModel } from './remote-models.js';

const NOT_FOUND = 404;

/**
 * Takes back what {@link connectOpenSearch} made: pipelines, models, connectors. The index stays, with its vectors and its plan, and so do the
 * cluster's settings.
 */
export async function disconnectOpenSearch(engine: Engine, index: string, signal?: AbortSignal): Promise<void> {
  const name = nameFor(index);
  const settings = { 'index.default_pipeline': null, 'index.search.default_pipeline': null };
  const path = `/${encodeURIComponent(index)}/_settings`;
  await ifThere(engine.request({ method: 'PUT', path, body: settings, signal }));
  await ifThere(engine.request({ method: 'DELETE', path: `/_ingest/pipeline/${name}`, signal }));
  await ifThere(engine.request({ method: 'DELETE', path: `/_search/pipeline/${name}`, signal }));
  for (const role of ['documents', 'queries']) await removeRemoteModel(engine, `${name}-${role}`, signal);
}

async function ifThere(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (thrown) {
    if (thrown instanceof IndexNotFound || (thrown instanceof EngineRefused && thrown.status === NOT_FOUND)) return;
    throw thrown;
  }
}
