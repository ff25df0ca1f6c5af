import type { JsonObject } from '../dialect/dialect.js';
import { exactJson, parseExactJson } from '../dialect/exact-number.js';
import type { EngineRoute } from './engine-route.js';
import type { Exchange } from './exchange.js';
import type { GatewayContext } from './gateway-context.js';
import { ownRequests } from './own-requests.js';
import { jsonOr502 } from './read-answer.js';

/** What stands beside a template and belongs to the search. */
const OF_THE_SEARCH = ['explain', 'profile'];

/** A search that a template wrote: the route to send it by, and its body. */
interface RenderedSearch {
  readonly route: EngineRoute;
  readonly body: JsonObject;
}

/**
 * Lets the engine write the search of a `_search/template`, with the rights of whoever asks, so that it can be translated and sent as a search.
 * @returns `undefined` where the engine renders nothing; it then says why to the template itself. @throws {UpstreamFailed}
 */
export async function renderedSearch(
  exchange: Exchange,
  route: EngineRoute,
  template: JsonObject,
  { upstream }: GatewayContext,
): Promise<RenderedSearch | undefined> {
  const { source, id, params } = template;
  const asked = exactJson({ source, id, params });
  const { status, body } = await ownRequests(upstream, exchange)('POST', '/_render/template', asked);
  if (status !== 200) return undefined;
  const rendered = jsonOr502(() => parseExactJson(body, 'as written'));
  const { template_output } = rendered as { template_output?: JsonObject };
  if (typeof template_output !== 'object') return undefined;
  const beside = Object.entries(template).filter(([name]) => OF_THE_SEARCH.includes(name));
  const inPath = (path: string) => path.replace('/_search/template', '/_search');
  return {
    route: { ...route, kind: 'search', path: inPath(route.path), url: inPath(route.url) },
    body: { ...template_output, ...Object.fromEntries(beside) },
  };
}
