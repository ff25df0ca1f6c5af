import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { type SampledDocument, sampleDocuments } from '../document-sample.js';
import { type Explored, indexOf } from '../explored.js';
import { readBody } from '../read-body.js';
import { encodeRequest, encodeRoute } from './encode-route.js';
import { explainRequest, explainRoute } from './explain-route.js';
import { progressRoute, statisticsRoute, verifyRoute } from './index-routes.js';
import { pruneRequest, pruneRoute } from './prune-route.js';
import { searchRequest, searchRoute } from './search-route.js';
import { stateRoute } from './state-route.js';

/** Answers a request; the signal says that nobody waits for the answer any more. */
type Route = (request: IncomingMessage, signal: AbortSignal) => Promise<unknown>;

/** What the page asks, by method and path. Whatever costs more than a glance is a POST: see `checkRequest`. */
export function explorerRoutes(explored: Explored): ReadonlyMap<string, Route> {
  const sampled = sampleOf(explored);
  const posted =
    <T>(schema: z.ZodType<T>, route: (explored: Explored, asked: T, signal: AbortSignal) => Promise<unknown>): Route =>
    async (request, signal) =>
      route(explored, await readBody(request, schema), signal);
  return new Map<string, Route>([
    ['GET /api/state', (_, signal) => stateRoute(explored, signal)],
    ['GET /api/progress', (_, signal) => progressRoute(explored, signal)],
    ['POST /api/encode', posted(encodeRequest, encodeRoute)],
    ['POST /api/search', posted(searchRequest, searchRoute)],
    ['POST /api/explain', posted(explainRequest, explainRoute)],
    [
      'POST /api/prune',
      posted(pruneRequest, async (_, asked, signal) => pruneRoute(explored, await sampled(), asked, signal)),
    ],
    ['POST /api/statistics', posted(z.object({}), (_, __, signal) => statisticsRoute(explored, signal))],
    ['POST /api/verify', posted(z.object({}), (_, __, signal) => verifyRoute(explored, signal))],
  ]);
}

/** The sample, read once for all who ask, so no single one's leaving ends it; one that failed is read again. */
function sampleOf(explored: Explored): () => Promise<SampledDocument[]> {
  let sample: Promise<SampledDocument[]> | undefined;
  return async () => {
    sample ??= sampleDocuments(indexOf(explored), explored.encoder.vocabulary);
    try {
      return await sample;
    } catch (thrown) {
      sample = undefined;
      throw thrown;
    }
  };
}
