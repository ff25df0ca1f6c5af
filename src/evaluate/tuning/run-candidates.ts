import type { Pruning } from '../../sparse/pruning.js';
import type { Vocabulary } from '../../sparse/vocabulary.js';
import { measureSystems, type SystemResult } from '../evaluate-systems.js';
import { agreementQrels } from '../measures/agreement-qrels.js';
import type { Qrels } from '../measures/judgements.js';
import type { Measure } from '../measures/measure.js';
import { runSystem } from '../systems/run-system.js';
import { splade } from '../systems/splade.js';
import type { EncodedTopic, SearchedIndex, System } from '../systems/system.js';
import { AGREEMENT_DEPTH } from './agreement.js';
import { prunedCopy } from './pruned-copy.js';
import { storeBytes } from './store-bytes.js';
import { trialName } from './trial.js';

const PAGE = 10;

export interface RunCandidatesOptions {
  /** Judgements; without them, candidates are measured by their agreement with unpruned SPLADE. */
  readonly qrels?: Qrels;
  readonly measure: Measure;
  readonly vocabulary: Vocabulary;
  /** Documents of a page, which is judged, and whose cost is measured. Default 10, as the engines', or the measure's cutoff where that is more. */
  readonly page?: number;
  /** Prunings of documents to try besides the index as it is, each on a copy that is deleted again. */
  readonly documentPrunings?: readonly Pruning[];
  readonly onSystem?: (name: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs every candidate on the index, and on a copy for each pruning of documents, where it is called `NAME on PRUNING`. A copy
 * takes the disk and the time of a reindex without encoding.
 */
export async function runCandidates(
  index: SearchedIndex,
  topics: readonly EncodedTopic[],
  systems: ReadonlyMap<string, System>,
  options: RunCandidatesOptions,
): Promise<Map<string, SystemResult>> {
  const { documentPrunings = [], vocabulary, signal } = options;
  const qrels = options.qrels ?? (await agreement(index, topics, signal));
  const results = await runOn(index, topics, qrels, systems, options);
  for (const pruning of documentPrunings) {
    await using copy = await prunedCopy(index, pruning, vocabulary, { signal });
    const onCopy = await runOn(copy.index, topics, qrels, systems, options, pruning.spec);
    for (const [name, result] of onCopy) results.set(name, result);
  }
  return results;
}

async function agreement(
  index: SearchedIndex,
  topics: readonly EncodedTopic[],
  signal: AbortSignal | undefined,
): Promise<Qrels> {
  const { run } = await runSystem(splade(), index, topics, { size: AGREEMENT_DEPTH, signal });
  return agreementQrels(run, AGREEMENT_DEPTH);
}

/** What a measure looks at must be asked for: of two joined lists of a page each, not much more than a page comes out. */
function pageFor({ cutoff }: Measure): number {
  return Number.isFinite(cutoff) ? Math.max(PAGE, cutoff) : PAGE;
}

async function runOn(
  index: SearchedIndex,
  topics: readonly EncodedTopic[],
  qrels: Qrels,
  systems: ReadonlyMap<string, System>,
  { measure, page = pageFor(measure), onSystem, signal }: RunCandidatesOptions,
  documents?: string,
): Promise<Map<string, SystemResult>> {
  const nameOf = (system: string) => trialName({ system, documents });
  const bytes = await storeBytes(index, { signal });
  const measured = await measureSystems(index, topics, qrels, systems, [measure], {
    page,
    signal,
    onSystem: (name) => onSystem?.(nameOf(name)),
  });
  return new Map(
    [...measured].map(([name, result]) => {
      const cost = { ...result.cost, ...(bytes !== undefined && { bytes }) };
      // Of pruned documents, SPLADE itself is an approximation.
      const isPruned = documents !== undefined && systems.get(name)!.spec === splade().spec;
      return [nameOf(name), { ...result, cost, ...(isPruned && { approximates: splade().spec }) }];
    }),
  );
}
