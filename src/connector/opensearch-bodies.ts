import type { JsonObject } from '../dialect/dialect.js';
import { type Connection, nameFor } from './connection.js';

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

/** The pipeline through which documents get their vectors, a batch of a `_bulk` at once. */
export function ingestPipelineBody({ index, text, field, batch }: Connection, model: string): JsonObject {
  return {
    description: `vectors of ${text} in ${field}, by the encode service of ${nameFor(index)}`,
    processors: [{ sparse_encoding: { model_id: model, field_map: { [text]: field }, batch_size: batch } }],
  };
}

/** The pipeline that gives `neural_sparse` queries by `query_text` their model. */
export function searchPipelineBody({ index }: Connection, model: string): JsonObject {
  return {
    description: `the model of neural_sparse queries on ${index}`,
    request_processors: [{ neural_query_enricher: { default_model_id: model } }],
  };
}

/** Index settings that send every document and every search through the pipelines. */
export function indexSettings({ index }: Connection): JsonObject {
  return { 'index.default_pipeline': nameFor(index), 'index.search.default_pipeline': nameFor(index) };
}

/** Cluster settings without which the engine does not call the service. */
export function clusterSettings({ service }: Connection): JsonObject {
  return {
    'plugins.ml_commons.only_run_on_ml_node': 'false',
    'plugins.ml_commons.connector.private_ip_enabled': 'true',
    'plugins.ml_commons.trusted_connector_endpoints_regex': [trustedPattern(service)],
  };
}

/** A pattern for every path of the service and nothing else. */
function trustedPattern(service: string): string {
  return `^${service.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/.*$`;
}
