import { z } from 'zod';
import { embedSparseRequest, encodeQuery, encodeRequest, modelQuery, tokenizeRequest } from './request-schemas.js';
import { STATUS_OF } from './service-faults.js';

type Json = Record<string, unknown>;

/** The service as OpenAPI 3.1 describes it; requests are the schemas that they are read by. `models`: the names of those served. */
export function openApiDocument(version: string, models: readonly string[]): Json {
  const inWords = parametersOf(encodeQuery, models);
  const ofModel = parametersOf(modelQuery, models);
  const paths = {
    '/encode': post('Texts to sparse vectors in words', encodeRequest, inWords, termsByText),
    '/embed_sparse': post('As in text-embeddings-inference', embedSparseRequest, ofModel, valuesByText),
    '/tokenize': post('As in text-embeddings-inference', tokenizeRequest, ofModel, tokensByText),
    '/info': get('The model and the limits', ofModel, json({ type: 'object' }), [404, 422]),
    '/health': get('200 when it is ready', [], {}),
    '/metrics': get('For Prometheus', [], { 'text/plain': { schema: { type: 'string' } } }),
  };
  return {
    openapi: '3.1.0',
    info: { title: 'termweave encode service', version },
    paths,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    security: [{}, { bearer: [] }],
  };
}

const listOf = (items: Json): Json => ({ type: 'array', items });
const json = (schema: Json): Json => ({ 'application/json': { schema } });
const weight: Json = { type: 'number', exclusiveMinimum: 0 };
const place: Json = { type: ['integer', 'null'], minimum: 0 };
const id: Json = { type: 'integer', minimum: 0 };

const termsByText = listOf({ type: 'object', additionalProperties: weight });
const valuesByText = listOf(listOf(objectOf({ index: id, value: weight })));
const tokensByText = listOf(
  listOf(objectOf({ id, text: { type: 'string' }, special: { type: 'boolean' }, start: place, stop: place })),
);
const failure = objectOf({
  error: { type: 'string' },
  error_type: { type: 'string', enum: [...Object.keys(STATUS_OF)] },
});

function objectOf(properties: Json): Json {
  return { type: 'object', properties, required: Object.keys(properties) };
}

const FAILURES: Readonly<Record<number, string>> = {
  400: 'No text, or a body that is no JSON',
  401: 'No token, or a wrong one',
  404: 'No such model',
  409: 'Not the weights that were asked for',
  413: 'More or longer texts than the service takes',
  415: 'A body that is no plain JSON',
  422: 'A request that does not fit',
  424: 'The model failed on the texts',
  429: 'The queue is full: come back after Retry-After',
  503: 'The service is being closed',
};

function post(summary: string, body: z.ZodType, parameters: readonly Json[], answer: Json): Json {
  const operation = {
    summary,
    parameters,
    requestBody: { required: true, content: json(z.toJSONSchema(body, { io: 'input' }) as Json) },
    responses: { 200: { description: 'In the order of the texts', content: json(answer) }, ...failures(FAILURES) },
  };
  return { post: operation };
}

function get(summary: string, parameters: readonly Json[], content: Json, failing: readonly number[] = []): Json {
  const responses = { 200: { description: summary, content }, ...failures(FAILURES, failing) };
  return { get: { summary, parameters, responses } };
}

function failures(all: Readonly<Record<number, string>>, only: readonly number[] = Object.keys(all).map(Number)): Json {
  const statuses = [...new Set([...only, 401, 503])];
  return Object.fromEntries(statuses.map((status) => [status, { description: all[status], content: json(failure) }]));
}

function parametersOf(query: z.ZodObject, models: readonly string[]): Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  const inQuery = (name: string, schema: unknown) => ({ name, in: 'query', schema });
  return Object.entries(properties).map(([name, schema]) =>
    inQuery(name, name === 'model' ? { type: 'string', enum: models } : schema),
  );
}
