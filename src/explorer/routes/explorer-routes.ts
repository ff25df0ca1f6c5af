import type { IncomingMessage } from 'node:http';
import { type SampledDocument, sampleDocuments } from '../document-sample.js';
import { type Explored, indexOf } from '../explored.js';
import { readBody } from '../read-body.js';
import { encodeRequest, encodeRoute } from './encode-route.js';
import { explainRequest, explainRoute } from './explain-route.js';
import { progressRoute, statisticsRoute, verifyRoute } from './index-routes.js';
import { pruneRequest, pruneRoute } from './prune-route.js';
import { searchRequest, searchRoute } from './search-route.js';
import { stateRoute } from './state-route.js';

type Route = (request: IncomingMessage) => Promise<unknown>;

/** What the page asks, by method and path. */
export function explorerRoutes(explored: Explored): ReadonlyMap<string, Route> {
  let sample: Promise<SampledDocument[]> | undefined;
  const sampled = () => {
    sample ??= sampleDocuments(indexOf(explored), explored.encoder.vocabulary);
    return sample;
  };
  return new Map<string, Route>([
    ['GET /api/state', () => stateRoute(explored)],
    ['POST /api/encode', async (request) => encodeRoute(explored, await readBody(request, encodeRequest))],
    ['POST /api/search', async (request) => searchRoute(explored, await readBody(request, searchRequest))],
    ['POST /api/explain', async (request) => explainRoute(explored, await readBody(request, explainRequest))],
    [
      'POST /api/prune',
      async (request) => pruneRoute(explored, await sampled(), await readBody(request, pruneRequest)),
    ],
    ['GET /api/statistics', () => statisticsRoute(explored)],
    ['GET /api/verify', () => verifyRoute(explored)],
    ['GET /api/progress', () => progressRoute(explored)],
  ]);
}
