import type { JsonObject } from '../dialect/dialect.js';
import type { Engine, IndexDescription } from '../engine/engine.js';
import { findIndex } from '../engine/find-index.js';
import { nameFor } from './connection.js';
import { ifThere } from './if-there.js';
import { mustHaveConnectors } from './must-have-connectors.js';
import { ownPipelines, settingsOf, withoutNote } from './own-pipelines.js';
import { removeRemoteModel } from './remote-models.js';

/**
 * Takes back what {@link connectOpenSearch} made: pipelines, models, connectors. The index stays, with its vectors and its plan, and has its own
 * default pipelines again; the cluster's settings stay.
 * @param index its name, or an alias of it.
 * @returns whether any of it was there. @throws {NoConnectors} of an engine that can have none.
 */
export async function disconnectOpenSearch(engine: Engine, index: string, signal?: AbortSignal): Promise<boolean> {
  await mustHaveConnectors(engine, index, signal);
  const there = await findIndex(engine, index, { signal });
  const name = nameFor(there?.name ?? index);
  if (there) await ifThere(giveBackPipelines(engine, there, signal));
  const remove = (path: string) => ifThere(engine.request({ method: 'DELETE', path, signal }));
  const wereThere = [await remove(`/_ingest/pipeline/${name}`), await remove(`/_search/pipeline/${name}`)];
  for (const role of ['documents', 'queries'])
    wereThere.push(await removeRemoteModel(engine, `${name}-${role}`, signal));
  return wereThere.includes(true);
}

async function giveBackPipelines(engine: Engine, there: IndexDescription, signal?: AbortSignal): Promise<void> {
  const path = `/${encodeURIComponent(there.name)}`;
  const body = settingsOf(ownPipelines(there, nameFor(there.name)));
  await engine.request({ method: 'PUT', path: `${path}/_settings`, body, signal });
  const meta = withoutNote(there.mappings._meta as JsonObject | undefined);
  await engine.request({ method: 'PUT', path: `${path}/_mapping`, body: { _meta: meta }, signal });
}
