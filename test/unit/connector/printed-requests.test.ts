import { elasticsearchRequests } from '../../../src/connector/printed-requests.js';
import { planOf } from '../../support/vector-index.js';

it('prints an index for versions that prune by themselves, and one for those that do not know of it', () => {
  const plan = planOf('v', 'es-sparse-vector');
  const service = 'http://encoder:8765';
  const requests = elasticsearchRequests({ index: 'books', text: 'text', field: 'splade', service, plan, batch: 32 });
  const made = requests.filter(({ versions }) => versions !== undefined);
  // biome-ignore lint/suspicious/noExplicitAny: a body of many shapes, looked into by path
  const fields = made.map(({ versions, body }) => [versions, (body as any).mappings.properties.splade]);
  expect(fields).toEqual([
    ['Elasticsearch 8.15 to 8.18 and 9.0', { type: 'sparse_vector' }],
    ['Elasticsearch 8.19, 9.1 and newer', { type: 'sparse_vector', index_options: { prune: false } }],
  ]);
});
