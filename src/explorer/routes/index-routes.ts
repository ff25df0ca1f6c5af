import { VectorTally } from '../../evaluate/statistics/vector-statistics.js';
import { findIndex } from '../../ingest/prepare-index.js';
import { NOTES } from '../../ingest/reindex/notes.js';
import { readRun } from '../../ingest/reindex/runs.js';
import { readSlices } from '../../ingest/reindex/slices.js';
import { drawTexts } from '../../verify/draw-texts.js';
import { storedVectors } from '../../verify/stored-vectors.js';
import { verify } from '../../verify/verify.js';
import { type Explored, indexOf } from '../explored.js';

const QUERIES = 20;

/** `GET /api/statistics`: what the vectors of the index hold and cost. */
export async function statisticsRoute(explored: Explored) {
  const { engine, name, field, dialect } = indexOf(explored);
  const tally = new VectorTally();
  await using snapshot = await engine.snapshot(name);
  for await (const page of storedVectors(snapshot, { index: name, field, dialect })) {
    for (const vector of page.flatMap(({ vectors }) => vectors)) {
      const terms = Object.entries(vector).map(([feature, weight]) => [dialect.names.tokenOf(feature), weight]);
      tally.add(Object.fromEntries(terms));
    }
  }
  return tally.statistics();
}

/** `GET /api/verify`: whether the engine's scores are the dot products, on queries drawn from the index. */
export async function verifyRoute(explored: Explored) {
  const index = indexOf(explored);
  const { engine, name, field, dialect, plan } = index;
  const texts = await drawTexts(engine, name, plan.vectors[field]!.from, QUERIES);
  const encoded = await explored.encoder.encode(
    texts.map(({ text }) => text),
    { as: 'query' },
  );
  const queries = encoded.map(({ vector }, i) => ({ id: texts[i]!.text, vector }));
  return verify(engine, name, queries, { dialect, field });
}

/** `GET /api/progress`: how far the slices of a reindex into this index are. The memory engine has none. */
export async function progressRoute(explored: Explored) {
  const { engine, description } = indexOf(explored);
  const found = (await findIndex(engine, NOTES, {})) && (await readRun(engine, description.name, {}));
  return { slices: found ? await readSlices(engine, description.name, found.run.of, {}) : [] };
}
