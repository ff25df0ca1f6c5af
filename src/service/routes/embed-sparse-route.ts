import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Encoded } from '../../encoder/encoder.js';
import { shortDecimal } from '../../sparse/short-decimal.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';
import { arrayJson } from '../answer-json.js';
import { embedSparseRequest, modelQuery, read } from '../request-schemas.js';
import { boundsOf, mustBeFew, type RouteContext, sendJson, textsOf } from '../route-context.js';
import type { OfferedModel } from '../served-model.js';
import { RequestRefused } from '../service-faults.js';
import { markModel } from './encode-route.js';

/**
 * `POST /embed_sparse`, as text-embeddings-inference 1.9 answers it: `[[{"index","value"}]]`, by rising index. Not offered: token ids instead of
 * texts, prompts, cutting from the left.
 */
export function addEmbedSparseRoute(app: FastifyInstance, { models, limits }: RouteContext): void {
  const embedSparse = async (request: FastifyRequest, reply: FastifyReply) => {
    const model = models.named(read(modelQuery, request.query, 'query string').model);
    mustBeFew(request.body, limits);
    const { inputs, truncate } = read(embedSparseRequest, request.body, 'body');
    const texts = textsOf(inputs);
    mustHaveText(texts);
    const encoded = await model.encode(texts, 'document', boundsOf(reply, limits));
    if (truncate === false) mustBeWhole(encoded, model.offered.encoder.identity.maxTokens);
    markModel(reply, model.offered, encoded);
    markWork(reply, model.offered, texts, encoded);
    return sendJson(reply, await arrayJson(encoded, ({ vector }) => valuesJson(vector)));
  };
  for (const path of ['/embed_sparse', '/', '/invocations']) app.post(path, embedSparse);
}

function mustHaveText(texts: readonly string[]): void {
  if (texts.includes('')) throw new RequestRefused('Empty', '`inputs` cannot be empty', 'Leave empty texts out');
}

function mustBeWhole(encoded: readonly Encoded[], maxTokens: number): void {
  if (!encoded.some(({ truncated }) => truncated)) return;
  const found = `\`inputs\` must have less than ${maxTokens} tokens`;
  throw new RequestRefused('Validation', found, 'Shorten them, or send "truncate": true');
}

function markWork(
  reply: FastifyReply,
  { encoder }: OfferedModel,
  texts: readonly string[],
  encoded: readonly Encoded[],
): void {
  reply.headers({
    'x-compute-type': encoder.identity.device,
    'x-compute-characters': texts.reduce((sum, text) => sum + [...text].length, 0),
    'x-compute-tokens': encoded.reduce((sum, { tokens }) => sum + tokens, 0),
    'x-total-time': Math.round(reply.elapsedTime),
  });
}

function valuesJson({ ids, weights }: SparseVector): string {
  const values = Array.from(ids, (id, i) => `{"index":${id},"value":${shortDecimal(weights[i]!)}}`);
  return `[${values.join()}]`;
}
