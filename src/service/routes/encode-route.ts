import type { FastifyInstance, FastifyReply } from 'fastify';
import { percentNames } from '../../dialect/feature-names.js';
import type { Encoded } from '../../encoder/encoder.js';
import { termsJson } from '../../sparse/terms-json.js';
import { arrayJson } from '../answer-json.js';
import { encodeQuery, encodeRequest, read } from '../request-schemas.js';
import { boundsOf, mustBeFew, type RouteContext, sendJson, textsOf } from '../route-context.js';
import type { OfferedModel } from '../served-model.js';

/**
 * `POST /encode`: `{"inputs": text | [text]}` to `[{token: weight}]`. It is what OpenSearch's remote connectors and Elasticsearch's
 * `hugging_face` service expect of a sparse encoder. A text of nothing, or of blanks alone, has the empty vector, as in an index.
 */
export function addEncodeRoute(app: FastifyInstance, { models, limits }: RouteContext): void {
  app.post('/encode', async (request, reply) => {
    const { model: name, weights, as, names, prune, round } = read(encodeQuery, request.query, 'query string');
    mustBeFew(request.body, limits);
    const { inputs } = read(encodeRequest, request.body, 'body');
    const model = models.meant(name, weights);
    const texts = textsOf(inputs);
    const encoded = await model.encode(texts.filter(saysSomething), as, boundsOf(reply, limits));
    markModel(reply, model.offered, encoded);
    const nameOf = names === 'features' ? percentNames.nameOf : undefined;
    const vectors = encoded.values();
    const vectorJson = ({ vector }: Encoded) => termsJson(prune.prune(vector).mapWeights(round).terms(), nameOf);
    const json = await arrayJson(texts, (text) => (saysSomething(text) ? vectorJson(vectors.next().value!) : '{}'));
    return sendJson(reply, json);
  });
}

/** A model has terms for blanks, too. */
function saysSomething(text: string): boolean {
  return text.trim() !== '';
}

/** Says by which model vectors were made, and of how many texts the ends were left out. */
export function markModel(reply: FastifyReply, { name, encoder }: OfferedModel, encoded: readonly Encoded[]): void {
  reply.headers({
    // A header takes no more than Latin-1.
    'x-termweave-model': encodeURIComponent(name),
    'x-termweave-weights': encoder.identity.weights,
    'x-termweave-vocabulary': encoder.vocabulary.fingerprint,
    'x-termweave-truncated': encoded.filter(({ truncated }) => truncated).length,
  });
}
