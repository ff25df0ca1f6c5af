import type { JsonObject } from '../dialect/dialect.js';
import { engineVersion } from '../dialect/engine-version.js';
import { esSparseVector } from '../dialect/es-sparse-vector.js';
import { rankFeatures } from '../dialect/rank-features.js';
import { mappingFor } from '../mapping/index-body.js';
import { type Connection, documentsUrl, nameFor, queriesUrl } from './connection.js';
import {
  clusterSettings,
  connectorBody,
  indexSettings,
  ingestPipelineBody,
  modelBody,
  searchPipelineBody,
} from './opensearch-bodies.js';

/** A request that is shown instead of sent; `<...>` stands for an id of an earlier answer, or for the token. */
export interface PrintedRequest {
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly body?: JsonObject;
  /** Of several requests of which one is to be sent: the versions that this one is for. */
  readonly versions?: string;
}

/** Every request by which `connectOpenSearch` connects a fresh index, in order. */
export async function openSearchRequests(given: Connection): Promise<PrintedRequest[]> {
  const connection = withoutToken(given);
  const { index, plan } = connection;
  const name = nameFor(index);
  const roles = [
    ['documents', documentsUrl(connection)],
    ['queries', queriesUrl(connection)],
  ] as const;
  return [
    { method: 'PUT', path: '/_cluster/settings', body: { persistent: await clusterSettings(connection) } },
    ...roles.flatMap(([role, url]): PrintedRequest[] => [
      { method: 'POST', path: '/_plugins/_ml/connectors/_create', body: connectorBody(connection, role, url) },
      {
        method: 'POST',
        path: '/_plugins/_ml/models/_register',
        body: modelBody(connection, role, `<connector of ${role}>`),
      },
      { method: 'POST', path: `/_plugins/_ml/models/<model of ${role}>/_deploy` },
    ]),
    { method: 'PUT', path: `/_ingest/pipeline/${name}`, body: ingestPipelineBody(connection, '<model of documents>') },
    { method: 'PUT', path: `/_search/pipeline/${name}`, body: searchPipelineBody(connection, '<model of queries>') },
    {
      method: 'PUT',
      path: `/${encodeURIComponent(index)}`,
      body: { ...mappingFor({ dialect: rankFeatures, plan, settings: indexSettings(connection) }) },
    },
  ];
}

/** From the first version whose `sparse_vector` query takes raw vectors; later ones prune by themselves unless the field says not to. */
const ELASTICSEARCH = [
  { versions: 'Elasticsearch 8.15 to 8.18 and 9.0', like: '8.15.0' },
  { versions: 'Elasticsearch 8.19, 9.1 and newer', like: '9.1.0' },
];

/**
 * The requests that connect a fresh index of Elasticsearch 8.15 or newer by its inference endpoint, the last one in a form for each of two ranges
 * of versions. Written from its documentation and not run: the plug-in is not published where it could be run for this package.
 */
export function elasticsearchRequests(given: Connection): PrintedRequest[] {
  const connection = withoutToken(given);
  const { index, text, field, plan, token } = connection;
  const name = nameFor(index);
  const endpoint = (url: string): JsonObject => ({
    service: 'hugging_face',
    // The service demands a key; one that asks for no token reads none.
    service_settings: { url, api_key: token ?? 'none' },
  });
  const processor = { model_id: `${name}-documents`, input_output: [{ input_field: text, output_field: field }] };
  return [
    { method: 'PUT', path: `/_inference/sparse_embedding/${name}-documents`, body: endpoint(documentsUrl(connection)) },
    { method: 'PUT', path: `/_inference/sparse_embedding/${name}-queries`, body: endpoint(queriesUrl(connection)) },
    { method: 'PUT', path: `/_ingest/pipeline/${name}`, body: { processors: [{ inference: processor }] } },
    ...ELASTICSEARCH.map(({ versions, like }): PrintedRequest => {
      const dialect = esSparseVector(engineVersion('elasticsearch', like));
      const body = { ...mappingFor({ dialect, plan, settings: { 'index.default_pipeline': name } }) };
      return { versions, method: 'PUT', path: `/${encodeURIComponent(index)}`, body };
    }),
  ];
}

function withoutToken(connection: Connection): Connection {
  return connection.token === undefined ? connection : { ...connection, token: '<token>' };
}
