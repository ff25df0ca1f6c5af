import type { JsonObject } from '../dialect/dialect.js';
import { Fault } from '../fault/fault.js';
import { isUnread, type UnreadBody } from '../query/language/body-faults.js';
import { QueryVectors } from '../query/query-vectors.js';
import type { HybridLists, WireSearchAnswer } from '../query/strategies/hybrid-lists.js';
import { replace } from '../query/strategies/replace.js';
import { type Translation, textsIn, translate } from '../query/translation/translate.js';
import { type HeadedSearch, headedSearchesIn } from './headed-searches.js';
import { type Obstacle, obstaclesOf, refused } from './search-obstacles.js';
import type { SpladePlan } from './splade-plan.js';
import {
  answerIn,
  type Carried,
  closeStream,
  inFormOf,
  isStream,
  linesIn,
  linesInFormOf,
  mapAnswer,
  objectIn,
  type ReadRequest,
  type Send,
} from './wire-request.js';

/** Rewrites the searches of a client: one batch of texts for a request, however many bodies it has. */
export class SearchRewriter {
  readonly #vectors: QueryVectors;

  constructor(
    private readonly splade: SpladePlan,
    private readonly isPlanned: (index: unknown) => boolean,
  ) {
    this.#vectors =
      splade.queryVectors ??
      new QueryVectors(async (texts, signal) => {
        const encoded = await splade.encoder.encode(texts, { as: 'query', signal });
        return encoded.map(({ vector }) => vector);
      });
  }

  /** A search. `q` asks by the query string and has no body to translate. @param signal ends the encoding. */
  async search(request: ReadRequest, send: Send, signal?: AbortSignal): Promise<unknown> {
    const body = objectIn(request.body);
    if (!body || request.querystring?.q !== undefined) return send(request);
    const [translation] = await this.#translate([{ ...body, ...inQueryString(request) }], obstaclesOf(request), signal);
    const { body: translated, lists, report } = translation!;
    if (report.refused.length > 0) return send(request);
    const inForm = (changed: JsonObject) => inFormOf(request.body, changed);
    const asked = { ...request, body: inForm(withoutQueryString(translated, request, body)) };
    if (!lists) return send(asked, carriedBy([translation!]));
    const asking = (list: JsonObject) => send({ ...withoutShared(request), body: inForm(list) }, 'lists');
    const [lexical, sparse] = await Promise.all([asking(lists.lexical), asking(lists.sparse)]);
    mustBeWhole([lexical, sparse], request);
    const failed = [lexical, sparse].find((one) => answerIn(one)?.hits === undefined);
    if (failed !== undefined) return failed;
    return mapAnswer(lexical, (answer) => lists.join(answer as WireSearchAnswer, answerIn(sparse) as WireSearchAnswer));
  }

  /** The bodies of an `_msearch`: every second line, each for the index that its header names. @param signal ends the encoding. */
  async multiSearch(
    request: ReadRequest,
    pathIndex: string | undefined,
    send: Send,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const field = request.bulkBody === undefined ? 'body' : 'bulkBody';
    const lines = linesIn(request[field]);
    const searches = lines && headedSearchesIn(lines);
    if (!searches) return send(request);
    const ours = searches.filter(({ index }) => this.isPlanned(index ?? pathIndex));
    const translations = await this.#translate(
      ours.map(({ body }) => body),
      obstaclesOf(request),
      signal,
    );
    const translationOf = new Map(ours.map((search, i) => [search, translations[i]!]));
    const asked = searches.map((search) => bodiesOf(search, translationOf.get(search)));
    const written = searches.flatMap(({ givenHeader }, i) => asked[i]!.flatMap((body) => [givenHeader, body]));
    const lined = { ...request, [field]: linesInFormOf(request[field], written) };
    const answer = await send(lined, carriedBy(translations));
    if (asked.every((bodies) => bodies.length === 1)) return answer;
    mustBeWhole([answer], request);
    if (!Array.isArray(answerIn(answer)?.responses)) return answer;
    return mapAnswer(answer, (multi) =>
      joinResponses(
        multi,
        searches.map((search) => translationOf.get(search)?.lists),
      ),
    );
  }

  /**
   * A body that cannot be read stays as it is: the engine says what it thinks of it, and of no other beside it.
   * @param obstacle why the answer cannot be had that a translation needs, if so: the body then stays as it was.
   */
  async #translate(bodies: readonly JsonObject[], obstacle: Obstacle, signal?: AbortSignal): Promise<Translation[]> {
    const texts = bodies.map((body) => orUnread(() => textsIn(body, this.splade)));
    const vectors = await this.#vectors.of(
      texts.flatMap((one) => (isUnread(one) ? [] : one)),
      signal,
    );
    return bodies.map((body, i) => {
      const unread = texts[i];
      const made = isUnread(unread) ? this.#left(body, unread) : translate(body, this.splade, vectors);
      const reason = obstacle(made, body);
      const translation = reason === undefined ? made : refused(made, body, reason);
      this.splade.onTranslated?.(translation.report, vectors);
      return translation;
    });
  }

  #left(body: JsonObject, { path, code }: UnreadBody): Translation {
    const { spec: strategy } = this.splade.strategy ?? replace();
    return { body, report: { strategy, translated: [], left: [], refused: [{ path, reason: code }] } };
  }
}

/** Lists that come as streams, by an option of the client's. */
export class ListsStreamed extends Fault {
  readonly code = 'LISTS_STREAMED';
  constructor(readonly path: string) {
    super({
      asked: `two lists of ${path}, to be joined`,
      found: 'answers that are streams',
      remedy: 'Ask without asStream, or by another strategy than hybrid({ by: "client" })',
    });
  }
}

/** @throws {ListsStreamed} where an answer is a stream; all of them are closed then, for nobody else has them. */
function mustBeWhole(answers: readonly unknown[], { path }: ReadRequest): void {
  const streams = answers.map(answerIn).filter(isStream);
  for (const stream of streams) closeStream(stream);
  if (streams.length > 0) throw new ListsStreamed(path);
}

function orUnread<T>(read: () => T): T | UnreadBody {
  try {
    return read();
  } catch (thrown) {
    if (isUnread(thrown)) return thrown;
    throw thrown;
  }
}

function carriedBy(translations: readonly Translation[]): Carried | undefined {
  if (translations.some(({ lists }) => lists)) return 'lists';
  return translations.some(({ report }) => report.translated.length > 0) ? 'vectors' : undefined;
}

/** The bodies to send for a search: its own, its translation, or two lists. */
function bodiesOf({ givenBody }: HeadedSearch, translation: Translation | undefined): unknown[] {
  if (!translation) return [givenBody];
  const { lists, body: translated } = translation;
  return (lists ? [lists.lexical, lists.sparse] : [translated]).map((one) => inFormOf(givenBody, one));
}

/** Joins the answers of lists that were sent one after the other; a list that failed answers for both. */
function joinResponses(multi: JsonObject, lists: readonly (HybridLists | undefined)[]): JsonObject {
  const left = [...(multi.responses as JsonObject[])];
  const responses = lists.map((joined) => {
    const first = left.shift()!;
    if (!joined) return first;
    const second = left.shift()!;
    const failed = [first, second].find((response) => response.error !== undefined);
    return failed ?? joined.join(first as WireSearchAnswer, second as WireSearchAnswer);
  });
  return { ...multi, responses };
}

/** Parameters of the query string that decide whether scores order the answer. They win over the body's (RestSearchAction). */
const SHARED = ['size', 'from', 'sort'] as const;

function inQueryString(request: ReadRequest): JsonObject {
  const given: JsonObject = {};
  for (const name of SHARED) {
    const value = request.querystring?.[name];
    if (value !== undefined) given[name] = name === 'sort' ? value : Number(value);
  }
  return given;
}

/** The translated body with what the query string says taken back: the request still says it. */
function withoutQueryString(translated: JsonObject, request: ReadRequest, body: JsonObject): JsonObject {
  const own: Record<string, unknown> = { ...translated };
  for (const name of SHARED.filter((shared) => request.querystring?.[shared] !== undefined)) {
    if (body[name] === undefined) delete own[name];
    else own[name] = body[name];
  }
  return own;
}

function withoutShared(request: ReadRequest): ReadRequest {
  if (!request.querystring) return request;
  const kept = Object.entries(request.querystring).filter(([name]) => !SHARED.includes(name as never));
  return { ...request, querystring: Object.fromEntries(kept) };
}
