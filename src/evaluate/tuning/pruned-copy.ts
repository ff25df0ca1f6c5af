import { randomUUID } from 'node:crypto';
import type { Dialect, JsonObject } from '../../dialect/dialect.js';
import { traitsOf } from '../../dialect/engine-traits.js';
import { mustHoldOneVector, vectorIn } from '../../dialect/kept-passages.js';
import { storedFeatures } from '../../dialect/stored-features.js';
import type { Hit, Outcome, RequestOptions } from '../../engine/engine.js';
import { Fault } from '../../fault/fault.js';
import { DEFAULT_RETRY } from '../../ingest/bulk/backoff.js';
import { writeForGood } from '../../ingest/bulk/write-for-good.js';
import { withLoadingSettings } from '../../ingest/reindex/prepare-copy.js';
import { takeAliasesAway } from '../../ingest/reindex/template-aliases.js';
import { mappingFor } from '../../mapping/index-body.js';
import { readVectorPlan } from '../../mapping/vector-plan.js';
import type { Pruning } from '../../sparse/pruning.js';
import { SparseVector } from '../../sparse/sparse-vector.js';
import type { Vocabulary } from '../../sparse/vocabulary.js';
import type { SearchedIndex } from '../systems/system.js';

const PAGE = 500;

/** A trial copy that would not be the index: the engine refused a document of it. */
class TrialIncomplete extends Fault {
  readonly code = 'TRIAL_INCOMPLETE';
  constructor(
    readonly index: string,
    readonly id: string,
    type: string,
    reason: string,
  ) {
    super({
      asked: `copy document ${id} of ${index} for a trial`,
      found: `${type}: ${reason}`,
      remedy:
        'Mend the document or delete it, or tune without prunings of documents: without it the trial would measure another index',
    });
  }
}

/** A copy of an index for a trial, deleted with `await using`. */
export interface PrunedCopy extends AsyncDisposable {
  readonly index: SearchedIndex;
}

/**
 * Copies an index, with the vectors of one field pruned, under a name of its own beside it (`NAME-trial-…`), without replicas.
 * What was stored is pruned, not what the model gave: the two differ by the engine's rounding.
 * @throws {TrialIncomplete} {PassagesKept}
 */
export async function prunedCopy(
  source: SearchedIndex,
  pruning: Pruning,
  vocabulary: Vocabulary,
  options: RequestOptions = {},
): Promise<PrunedCopy> {
  const { engine, dialect, field } = source;
  mustHoldOneVector(`a trial copy of index ${source.index}, its vectors pruned`, field, dialect);
  const { name, mappings, settings } = await engine.describeIndex(source.index, options);
  const plan = readVectorPlan(name, mappings);
  const vectors = { ...plan.vectors, [field]: { ...plan.vectors[field]!, pruning: pruning.spec } };
  const copy = `${name}-trial-${randomUUID().slice(0, 8)}`;
  const body = mappingFor({ dialect, plan: { ...plan, vectors }, like: { mappings, settings } });
  await engine.createIndex(copy, { ...body, settings: withLoadingSettings(body.settings) }, options);
  const remove = () => engine.deleteIndex(copy);
  try {
    await takeAliasesAway(engine, await engine.describeIndex(copy, options), options);
    await fill(source, copy, (stored) => pruned(stored, pruning, vocabulary, dialect), options);
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  return { index: { ...source, index: copy }, [Symbol.asyncDispose]: remove };
}

async function fill(
  { engine, index, field }: SearchedIndex,
  copy: string,
  change: (stored: Record<string, number>) => Record<string, number>,
  { signal }: RequestOptions,
): Promise<void> {
  await using snapshot = await engine.snapshot(index, { signal });
  const changed = ({ id, routing, source }: Hit) => {
    const isThere = source?.[field] !== undefined;
    const altered: JsonObject = { ...source, ...(isThere && { [field]: change(vectorIn(source[field])) }) };
    // Past the ingest pipelines: the index's own may make its vectors, and would make them anew.
    return { kind: 'index', id, routing, source: altered, pipeline: '_none' } as const;
  };
  const { source: whole } = traitsOf(engine.version).wholeDocuments;
  for await (const page of snapshot.pages({ size: PAGE, source: whole, signal })) {
    mustBeTaken(index, await writeForGood(engine, copy, page.map(changed), { signal, retry: DEFAULT_RETRY }));
  }
  await engine.refresh(copy, { signal });
}

function mustBeTaken(index: string, outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    if (!outcome.ok) throw new TrialIncomplete(index, outcome.id, outcome.type, outcome.reason);
  }
}

function pruned(stored: Record<string, number>, pruning: Pruning, vocabulary: Vocabulary, dialect: Dialect) {
  const terms = Object.entries(stored).map(([name, weight]) => [dialect.names.tokenOf(name), weight] as const);
  return storedFeatures(pruning.prune(SparseVector.fromTerms(vocabulary, Object.fromEntries(terms))), dialect);
}
