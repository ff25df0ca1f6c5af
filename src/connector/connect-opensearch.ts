import type { JsonObject } from '../dialect/dialect.js';
import { rankFeatures } from '../dialect/rank-features.js';
import type { Engine } from '../engine/engine.js';
import { IndexNotFound } from '../engine/engine-faults.js';
import { mappingFor } from '../mapping/index-body.js';
import { hasVectorPlan, mustMatchPlan, readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';
import { applyClusterSettings, missingClusterSettings } from './cluster-settings.js';
import { type Connection, documentsUrl, nameFor, queriesUrl } from './connection.js';
import { ClusterSettingsMissing } from './connector-faults.js';
import {
  connectorBody,
  indexSettings,
  ingestPipelineBody,
  modelBody,
  searchPipelineBody,
} from './opensearch-bodies.js';
import { ensureRemoteModel } from './remote-models.js';

export interface ConnectOptions {
  /** Change the cluster's settings where they need it; default: say which and stop. */
  readonly applySettings?: boolean;
  readonly signal?: AbortSignal;
}

/** Ids and names of what connects an index to the service. */
export interface Connected {
  readonly connector: string;
  readonly model: string;
  readonly pipeline: string;
  readonly queryConnector: string;
  readonly queryModel: string;
  readonly searchPipeline: string;
}

/**
 * Lets OpenSearch call the encode service by itself: documents get their vectors in an ingest pipeline, `neural_sparse` queries by `query_text`
 * theirs in the model of a search pipeline. What is there already, by name, is updated; run twice, it changes nothing more.
 * @throws {ModelMismatch} where the index holds another model's vectors; nothing is changed then.
 * @throws {ClusterSettingsMissing} where the cluster would not call the service. @throws {EngineRefused}
 */
export async function connectOpenSearch(
  engine: Engine,
  connection: Connection,
  { applySettings = false, signal }: ConnectOptions = {},
): Promise<Connected> {
  await mustTakeModel(engine, connection, signal);
  const missing = await missingClusterSettings(engine, connection, signal);
  if (Object.keys(missing).length > 0 && !applySettings) throw new ClusterSettingsMissing(missing);
  await applyClusterSettings(engine, missing, signal);
  const documents = await ensureRole(engine, connection, 'documents', documentsUrl(connection), signal);
  const queries = await ensureRole(engine, connection, 'queries', queriesUrl(connection), signal);
  const name = nameFor(connection.index);
  await put(engine, `/_ingest/pipeline/${name}`, ingestPipelineBody(connection, documents.model), signal);
  await put(engine, `/_search/pipeline/${name}`, searchPipelineBody(connection, queries.model), signal);
  await ensureIndex(engine, connection, signal);
  return {
    ...documents,
    pipeline: name,
    queryConnector: queries.connector,
    queryModel: queries.model,
    searchPipeline: name,
  };
}

/** The plan that a mapping speaks of, if any. One that is there and cannot be read throws: it must not be overwritten. */
function planIn(index: string, mappings: JsonObject): VectorPlan | undefined {
  return hasVectorPlan(mappings) ? readVectorPlan(index, mappings) : undefined;
}

async function mustTakeModel(engine: Engine, { index, plan }: Connection, signal?: AbortSignal): Promise<void> {
  try {
    const { mappings } = await engine.describeIndex(index, { signal });
    const there = planIn(index, mappings);
    if (there) mustMatchPlan(index, there, plan.model, plan.vocabulary);
  } catch (thrown) {
    if (!(thrown instanceof IndexNotFound)) throw thrown;
  }
}

function ensureRole(engine: Engine, connection: Connection, role: string, url: string, signal?: AbortSignal) {
  const connector = connectorBody(connection, role, url);
  return ensureRemoteModel(engine, connector, (id) => modelBody(connection, role, id), signal);
}

/** Makes the index, or gives the one that is there its vector field and its pipelines. */
async function ensureIndex(engine: Engine, connection: Connection, signal?: AbortSignal): Promise<void> {
  const { index, plan, field } = connection;
  const settings = indexSettings(connection);
  try {
    const { mappings } = await engine.describeIndex(index, { signal });
    const vectors = { ...planIn(index, mappings)?.vectors, ...plan.vectors };
    const meta = { ...(mappings._meta as JsonObject | undefined), termweave: { ...plan, vectors } };
    await put(
      engine,
      `/${encodeURIComponent(index)}/_mapping`,
      { _meta: meta, properties: { [field]: rankFeatures.field } },
      signal,
    );
    await put(engine, `/${encodeURIComponent(index)}/_settings`, settings, signal);
  } catch (thrown) {
    if (!(thrown instanceof IndexNotFound)) throw thrown;
    await engine.createIndex(index, { ...mappingFor({ dialect: rankFeatures, plan, settings }) }, { signal });
  }
}

async function put(engine: Engine, path: string, body: JsonObject, signal?: AbortSignal): Promise<void> {
  await engine.request({ method: 'PUT', path, body, signal });
}
