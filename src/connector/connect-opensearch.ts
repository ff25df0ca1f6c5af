import type { JsonObject } from '../dialect/dialect.js';
import { rankFeatures } from '../dialect/rank-features.js';
import type { Engine, IndexDescription } from '../engine/engine.js';
import { findIndex } from '../engine/find-index.js';
import { mustBeUsableName } from '../engine/index-name.js';
import { mustBeFree, mustNotBeText } from '../mapping/field-taken.js';
import { mappingFor } from '../mapping/index-body.js';
import { mustTakeDocuments } from '../mapping/match-plan.js';
import { hasVectorPlan, readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';
import { applyClusterSettings, missingClusterSettings } from './cluster-settings.js';
import { type Connection, documentsUrl, nameFor, queriesUrl } from './connection.js';
import { ClusterSettingsMissing } from './connector-faults.js';
import { mustHaveConnectors } from './must-have-connectors.js';
import { mustMatchFields } from './must-match-fields.js';
import {
  connectorBody,
  indexSettings,
  ingestPipelineBody,
  modelBody,
  searchPipelineBody,
} from './opensearch-bodies.js';
import { NO_PIPELINES, type OwnPipelines, ownPipelines, runnable, withNote } from './own-pipelines.js';
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
 * theirs in the model of a search pipeline. What is there already, by name, is updated; run twice, it changes nothing more. Of an alias the index behind it
 * is connected, under its own name: an alias that moves takes no connection along.
 * @throws {NoConnectors} {NameUnusable} {FieldTaken} and, where the index holds vectors of another model, or made otherwise, {ModelMismatch}
 * {FieldMadeOtherwise}; nothing is changed then.
 * @throws {ClusterSettingsMissing} where the cluster would not call the service. @throws {EngineRefused}
 */
export async function connectOpenSearch(
  engine: Engine,
  asked: Connection,
  { applySettings = false, signal }: ConnectOptions = {},
): Promise<Connected> {
  await mustHaveConnectors(engine, asked.index, signal);
  const there = await findIndex(engine, asked.index, { signal });
  mustBeUsableName(there ? 'alias' : 'index', asked.index);
  const connection = { ...asked, index: there?.name ?? asked.index };
  mustTakeField(there, connection);
  mustTakeModel(there, connection);
  const own = there ? ownPipelines(there, nameFor(connection.index)) : NO_PIPELINES;
  const missing = await missingClusterSettings(engine, connection, signal);
  if (Object.keys(missing).length > 0 && !applySettings) throw new ClusterSettingsMissing(missing);
  await applyClusterSettings(engine, missing, signal);
  const documents = await ensureRole(engine, connection, 'documents', documentsUrl(connection), signal);
  const queries = await ensureRole(engine, connection, 'queries', queriesUrl(connection), signal);
  const name = nameFor(connection.index);
  const ingest = ingestPipelineBody(connection, documents.model, runnable(own.ingest));
  await put(engine, `/_ingest/pipeline/${name}`, ingest, signal);
  const ownSearch = await searchPipelineOf(engine, runnable(own.search), signal);
  await put(engine, `/_search/pipeline/${name}`, searchPipelineBody(connection, queries.model, ownSearch), signal);
  await ensureIndex(engine, connection, there, own, signal);
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

function mustTakeField(there: IndexDescription | undefined, { field, text }: Connection): void {
  mustNotBeText([field], [text]);
  if (there) mustBeFree(there.mappings, [field]);
}

function mustTakeModel(there: IndexDescription | undefined, { index, plan }: Connection): void {
  const old = there && planIn(index, there.mappings);
  if (!old) return;
  mustTakeDocuments(index, old, plan.model, plan.vocabulary);
  mustMatchFields(index, old, plan);
}

/** The body of a search pipeline that the index has of its own. */
async function searchPipelineOf(engine: Engine, own: string | undefined, signal?: AbortSignal) {
  if (own === undefined) return undefined;
  const path = `/_search/pipeline/${encodeURIComponent(own)}`;
  const answer = (await engine.request({ method: 'GET', path, signal })) as Record<string, JsonObject>;
  return answer[own];
}

function ensureRole(engine: Engine, connection: Connection, role: string, url: string, signal?: AbortSignal) {
  const connector = connectorBody(connection, role, url);
  return ensureRemoteModel(engine, connector, (id) => modelBody(connection, role, id), signal);
}

/** Makes the index, or gives the one that is there its vector field and the pipelines; its own are noted. */
async function ensureIndex(
  engine: Engine,
  connection: Connection,
  there: IndexDescription | undefined,
  own: OwnPipelines,
  signal?: AbortSignal,
): Promise<void> {
  const { index, plan, field } = connection;
  const settings = indexSettings(connection);
  if (!there) {
    await engine.createIndex(index, { ...mappingFor({ dialect: rankFeatures, plan, settings }) }, { signal });
    return;
  }
  const old = planIn(index, there.mappings);
  // What the index says of its vectors stays said.
  const merged = { ...plan, ...old, vectors: { ...plan.vectors, ...old?.vectors } };
  const meta = { ...(there.mappings._meta as JsonObject | undefined), termweave: merged };
  const mapping = { _meta: withNote(meta, own), properties: { [field]: rankFeatures.field } };
  await put(engine, `/${encodeURIComponent(index)}/_mapping`, mapping, signal);
  await put(engine, `/${encodeURIComponent(index)}/_settings`, settings, signal);
}

async function put(engine: Engine, path: string, body: JsonObject, signal?: AbortSignal): Promise<void> {
  await engine.request({ method: 'PUT', path, body, signal });
}
