import type { JsonObject } from '../dialect/dialect.js';
import type { Translation } from '../query/translation/translate.js';
import type { ReadRequest } from './wire-request.js';

/** Why a translation cannot be sent as this request, if so. */
export type Obstacle = (translation: Translation, body: JsonObject) => string | undefined;

/** What a request says beside its body that a translation of the body cannot stand beside. */
export function obstaclesOf(request: ReadRequest): Obstacle {
  const scrolls = request.querystring?.scroll !== undefined;
  return ({ lists, body: { rescore, retriever, search_pipeline } }, body) => {
    if (scrolls && rescore !== body.rescore) return 'engines take no rescore in a scroll';
    const isJoinedByEngine = search_pipeline !== body.search_pipeline || (retriever && !body.retriever);
    if (scrolls && (lists || isJoinedByEngine)) return 'a scroll has one list, and cannot be joined with another';
    if (search_pipeline !== body.search_pipeline && request.querystring?.search_pipeline !== undefined)
      return 'its search_pipeline would give way to the one that joins the lists';
    if (!lists) return undefined;
    if (request.path.includes('/_async_search')) return 'an asynchronous search answers later, list by list';
    if (request.querystring?.filter_path !== undefined)
      return 'filter_path may leave out the ids and scores by which lists are joined';
    return undefined;
  };
}

/** A body that stays as it was, for a reason. */
export function refused({ report }: Translation, body: JsonObject, reason: string): Translation {
  return { body, report: { ...report, translated: [], refused: [{ path: 'query', reason }] } };
}
