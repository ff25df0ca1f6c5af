import { indexVectors } from '../../evaluate/statistics/index-vectors.js';
import { VectorTally } from '../../evaluate/statistics/vector-statistics.js';
import { textsDrawnFrom, verifyTexts } from '../../evaluate/verify-texts.js';
import { findIndex } from '../../ingest/prepare-index.js';
import { NOTES } from '../../ingest/reindex/notes.js';
import { notedQuery, readCopyNote } from '../../ingest/reindex/prepare-copy.js';
import { type RunStatus, runStatus } from '../../ingest/reindex/run-status.js';
import { readRun } from '../../ingest/reindex/runs.js';
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

/** `GET /api/progress`: how far the last reindex into this index is, if there was one. The memory engine has none. */
export async function progressRoute(explored: Explored, signal: AbortSignal) {
  const { engine, description } = indexOf(explored);
  const { name } = description;
  const isNoted = (await findIndex(engine, NOTES, { signal })) && (await readRun(engine, name, { signal }));
  if (!isNoted) return { run: null };
  const status = await runStatus(engine, name, { signal });
  return { run: { ...status, expected: await expectedOf(explored, status, signal) } };
}

/** How many documents the copy is to have: what its source has now for its query; null where that cannot be told. */
async function expectedOf(explored: Explored, { source }: RunStatus, signal: AbortSignal): Promise<number | null> {
  const { engine, description } = indexOf(explored);
  const note = readCopyNote(description);
  const isThere = note && (await findIndex(engine, source, { signal }));
  return isThere ? engine.count(source, notedQuery(note), { signal }) : null;
}
