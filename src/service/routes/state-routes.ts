import type { FastifyInstance } from 'fastify';
import { openApiDocument } from '../openapi-document.js';
import { modelQuery, read } from '../request-schemas.js';
import type { RouteContext } from '../route-context.js';
import { mostTexts } from '../service-limits.js';
import type { ServiceMetrics } from '../service-metrics.js';

/** What is told of the service itself. */
export interface StateContext extends RouteContext {
  readonly metrics: ServiceMetrics;
  readonly version: string;
}

/** `GET /health`, `/info`, `/metrics` and `/openapi.json`. A service that is being closed takes no connections any more. */
export function addStateRoutes(app: FastifyInstance, { models, limits, metrics, version }: StateContext): void {
  for (const path of ['/health', '/ping', '/']) app.get(path, async (_request, reply) => reply.code(200).send());
  const names = models.all.map(({ offered: { name } }) => name);
  app.get('/info', async (request) => {
    const { offered } = models.named(read(modelQuery, request.query, 'query string').model);
    const { identity, vocabulary } = offered.encoder;
    return {
      model_id: identity.id,
      model_sha: identity.weights,
      model_dtype: identity.precision,
      model_type: { embedding: { pooling: 'splade' } },
      max_concurrent_requests: limits.queue,
      max_input_length: identity.maxTokens,
      max_batch_tokens: identity.maxTokens * mostTexts(limits),
      max_batch_requests: null,
      max_client_batch_size: mostTexts(limits),
      auto_truncate: true,
      tokenization_workers: 1,
      version,
      sha: null,
      docker_label: null,
      models: names,
      termweave: { model: identity, vocabulary: vocabulary.fingerprint },
    };
  });
  app.get('/metrics', async (_request, reply) => {
    return reply.type(metrics.registry.contentType).send(await metrics.render());
  });
  app.get('/openapi.json', async () => openApiDocument(version, names));
}
