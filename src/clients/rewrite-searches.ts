import type { JsonObject } from '../dialect/dialect.js';
import { QueryVectors } from '../query/query-vectors.js';
import { textsIn, translate } from '../query/translation/translate.js';
import type { SpladePlan } from './splade-plan.js';
import { type ClientRequest, linesOf, parameterOf } from './wire-request.js';

/** Rewrites the searches of a client: one batch of texts for a request, however many bodies it has. */
export class SearchRewriter {
  readonly #vectors: QueryVectors;

  constructor(
    private readonly splade: SpladePlan,
    private readonly isPlanned: (index: unknown) => boolean,
  ) {
    this.#vectors = new QueryVectors(async (texts, signal) => {
      const encoded = await splade.encoder.encode(texts, { as: 'query', signal });
      return encoded.map(({ vector }) => vector);
    });
  }

  /** A search. `q` asks by the query string and has no body to translate; a scroll takes no rescore. */
  async search(request: ClientRequest): Promise<ClientRequest> {
    const body = bodyOf(request.body);
    if (!body || parameterOf(request, 'q') !== undefined) return request;
    const [translated] = await this.#translate([{ ...inQueryString(request), ...body }]);
    if (parameterOf(request, 'scroll') !== undefined && translated!.rescore !== body.rescore) return request;
    return { ...request, body: withoutQueryString(translated!, request, body) };
  }

  /** The bodies of an `_msearch`: every second line, each for the index that its header names. */
  async multiSearch(request: ClientRequest, pathIndex: string | undefined): Promise<ClientRequest> {
    const field = request.bulkBody === undefined ? 'body' : 'bulkBody';
    const lines = linesOf(request[field]);
    if (!lines) return request;
    const ours = lines.flatMap((line, i) => {
      const header = lines[i - 1] as JsonObject | undefined;
      return i % 2 === 1 && this.isPlanned(header?.index ?? pathIndex) ? [{ i, body: line as JsonObject }] : [];
    });
    const translated = await this.#translate(ours.map(({ body }) => body));
    for (const [n, { i }] of ours.entries()) lines[i] = translated[n];
    return { ...request, [field]: lines };
  }

  async #translate(bodies: readonly JsonObject[]): Promise<JsonObject[]> {
    const texts = bodies.flatMap((body) => textsIn(body, this.splade));
    const vectors = await this.#vectors.of(texts);
    return bodies.map((body) => {
      const { body: translated, report } = translate(body, this.splade, vectors);
      this.splade.onTranslated?.(report);
      return translated;
    });
  }
}

/** Parameters of the query string that decide whether scores order the answer. */
const SHARED = ['size', 'from', 'sort'] as const;

function inQueryString(request: ClientRequest): JsonObject {
  const given: JsonObject = {};
  for (const name of SHARED) {
    const value = parameterOf(request, name);
    if (value !== undefined) given[name] = name === 'sort' ? value : Number(value);
  }
  return given;
}

function withoutQueryString(translated: JsonObject, request: ClientRequest, body: JsonObject): JsonObject {
  const borrowed = SHARED.filter((name) => parameterOf(request, name) !== undefined && body[name] === undefined);
  return Object.fromEntries(Object.entries(translated).filter(([key]) => !borrowed.includes(key as never)));
}

function bodyOf(body: unknown): JsonObject | undefined {
  if (typeof body === 'string') return body === '' ? undefined : JSON.parse(body);
  return typeof body === 'object' && body !== null ? (body as JsonObject) : undefined;
}
