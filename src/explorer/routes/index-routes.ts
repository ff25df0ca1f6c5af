import { indexVectors } from '../../evaluate/statistics/index-vectors.js';
import { VectorTally } from '../../evaluate/statistics/vector-statistics.js';
import { textsDrawnFrom, verifyTexts } from '../../evaluate/verify-texts.js';
import { findIndex } from '../../ingest/prepare-index.js';
import { NOTES } from '../../ingest/reindex/notes.js';
import { readRun } from '../../ingest/reindex/runs.js';
import { readSlices } from '../../ingest/reindex/slices.js';
import { type Explored, indexOf } from '../explored.js';

const QUERIES = 20;

/** `POST /api/statistics`: what the vectors of the index hold and cost. Reads every document, until whoever asked leaves. */
export async function statisticsRoute(explored: Explored, signal: AbortSignal) {
  const tally = new VectorTally();
  for await (const { terms } of indexVectors(indexOf(explored), signal)) tally.add(terms);
  return tally.statistics();
}

/** `POST /api/verify`: whether the engine's scores are the dot products, on queries drawn from the index. Reads every document, as above. */
export async function verifyRoute(explored: Explored, signal: AbortSignal) {
  const index = indexOf(explored);
  return verifyTexts(index, explored.encoder, await textsDrawnFrom(index, QUERIES, signal), { signal });
}

/** `GET /api/progress`: how far the slices of a reindex into this index are. The memory engine has none. */
export async function progressRoute(explored: Explored, signal: AbortSignal) {
  const { engine, description } = indexOf(explored);
  const found = (await findIndex(engine, NOTES, { signal })) && (await readRun(engine, description.name, { signal }));
  return { slices: found ? await readSlices(engine, description.name, found.run.of, { signal }) : [] };
}
