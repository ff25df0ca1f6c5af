import type { JsonObject } from '../dialect/dialect.js';
import { type Connection, nameFor } from './connection.js';
import { isPrivateHost } from './private-host.js';

/** The body of a connector to `url`. @see OpenSearch, ml-commons, connector blueprints */
export function connectorBody({ index, token }: Connection, role: string, url: string): JsonObject {
  return {
    name: `${nameFor(index)}-${role}`,
    description: `termweave encode service for index ${index}`,
    version: '1',
    protocol: 'http',
    parameters: {},
    // A connector must have a credential; without a token it is sent to nobody.
    credential: { token: token ?? 'none' },
    actions: [
      {
        action_type: 'predict',
        method: 'POST',
        url,
        // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the engine fills these in
        headers: token === undefined ? {} : { authorization: 'Bearer ${credential.token}' },
        request_body: '{"inputs": ${parameters.input}}',
        // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the engine fills these in
        pre_process_function: 'connector.pre_process.default.embedding',
      },
    ],
  };
}

/** The body that registers a remote model over a connector. */
export function modelBody({ index }: Connection, role: string, connector: string): JsonObject {
  return {
    name: `${nameFor(index)}-${role}`,
    function_name: 'remote',
    description: `termweave encode service for index ${index}`,
    connector_id: connector,
  };
}

/** The pipeline through which documents get their vectors, a batch of a `_bulk` at once; after `own`, the index's own, which may make the text. */
export function ingestPipelineBody({ index, text, field, batch }: Connection, model: string, own?: string): JsonObject {
  const encoding = { sparse_encoding: { model_id: model, field_map: { [text]: field }, batch_size: batch } };
  return {
    description: `vectors of ${text} in ${field}, by the encode service of ${nameFor(index)}`,
    processors: [...(own === undefined ? [] : [{ pipeline: { name: own } }]), encoding],
  };
}

/**
 * The pipeline that gives `neural_sparse` queries by `query_text` their model. Search pipelines do not call one another: the processors of `own`, the
 * body of the index's own, are taken over.
 */
export function searchPipelineBody({ index }: Connection, model: string, own: JsonObject = {}): JsonObject {
  const enricher = { neural_query_enricher: { default_model_id: model } };
  return {
    ...own,
    description: `the model of neural_sparse queries on ${index}`,
    request_processors: [enricher, ...((own.request_processors as JsonObject[] | undefined) ?? [])],
  };
}

/** Index settings that send every document and every search through the pipelines. */
export function indexSettings({ index }: Connection): JsonObject {
  return { 'index.default_pipeline': nameFor(index), 'index.search.default_pipeline': nameFor(index) };
}

/** Needed false only where no node has the role `ml`. */
export const ONLY_ML_NODES = 'plugins.ml_commons.only_run_on_ml_node';

/** Cluster settings without which the engine does not call the service; private addresses are allowed only where it has one. */
export async function clusterSettings({ service }: Connection): Promise<JsonObject> {
  const isPrivate = await isPrivateHost(service);
  return {
    [ONLY_ML_NODES]: 'false',
    ...(isPrivate && { 'plugins.ml_commons.connector.private_ip_enabled': 'true' }),
    'plugins.ml_commons.trusted_connector_endpoints_regex': [trustedPattern(service)],
  };
}

/** A pattern for every path of the service and nothing else. */
function trustedPattern(service: string): string {
  return `^${service.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/.*$`;
}
