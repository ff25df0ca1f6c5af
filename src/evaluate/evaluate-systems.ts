import { type Evaluation, evaluateRun } from './measures/evaluate-run.js';
import type { Qrels, Run } from './measures/judgements.js';
import type { Measure } from './measures/measure.js';
import type { TieOrder } from './measures/trec-order.js';
import { mean, percentile } from './percentile.js';
import { type Comparison, compareSystems } from './significance/compare-systems.js';
import { runInTurn, runSystem, type SystemRun } from './systems/run-system.js';
import { largestScoreDifference } from './systems/score-difference.js';
import type { EncodedTopic, SearchedIndex, System } from './systems/system.js';

/** What a system cost: milliseconds from request to answer, one at a time, and features asked for. */
export interface Cost {
  readonly p50: number;
  readonly p95: number;
  readonly clauses: number;
  /** Of the index on disk, where it was asked and the engine keeps count. */
  readonly bytes?: number;
}

/** One system on one collection. */
export interface SystemResult {
  readonly evaluation: Evaluation;
  readonly run: Run;
  readonly cost: Cost;
  /** The largest distance of a score from that of the system it approximates, where that one ran too. */
  readonly scoreDifference?: number;
  /** The spec of the system that it approximates, where it is an approximation. */
  readonly approximates?: string;
  /** The systems that it puts together; absent where it ranks alone. */
  readonly combines?: readonly string[];
}

/** Several systems on one collection, by the names they were given. */
export interface SystemsReport {
  readonly queries: number;
  readonly systems: ReadonlyMap<string, SystemResult>;
  /** Every pair of systems on every measure. */
  readonly comparisons: readonly Comparison[];
}

export interface EvaluateSystemsOptions {
  /** Documents asked for. Default: the largest cutoff of the measures, 1,000 where one has none, and 100 at least. */
  readonly depth?: number;
  /**
   * Documents of the page that is to be judged and to cost what it costs. Each system is then run twice: as deep as the measures look, as for that page
   * and untimed, which also warms the engine up; and for the page alone, all systems in turn, for its cost. Default: once, and a page is as large as the depth.
   */
  readonly page?: number;
  /** How equal scores are ranked. Default: `trec_eval`. */
  readonly ties?: TieOrder;
  /** Called when a system has answered all topics, as deep as the measures look. */
  readonly onSystem?: (name: string) => void;
  /** Called before pairs of systems are tested, which takes seconds where there are many, with how many there are on each measure. */
  readonly onPairs?: (pairs: number) => void;
  readonly signal?: AbortSignal;
}

/** Runs and measures each system, as {@link measureSystems} does, and tests every pair of them. */
export async function evaluateSystems(
  index: SearchedIndex,
  topics: readonly EncodedTopic[],
  qrels: Qrels,
  systems: ReadonlyMap<string, System>,
  measures: readonly Measure[],
  options: EvaluateSystemsOptions = {},
): Promise<SystemsReport> {
  const results = await measureSystems(index, topics, qrels, systems, measures, options);
  const evaluations = new Map([...results].map(([name, { evaluation }]) => [name, evaluation]));
  options.onPairs?.((systems.size * (systems.size - 1)) / 2);
  const comparisons = await compareSystems(evaluations, { signal: options.signal });
  return { queries: qrels.size, systems: results, comparisons };
}

/**
 * Runs each system over the topics and evaluates it on the judgements. Ties are put in order among the documents that the
 * engine returned; where a tie reaches past the depth asked for, the engine decides which of its documents come.
 */
export async function measureSystems(
  index: SearchedIndex,
  topics: readonly EncodedTopic[],
  qrels: Qrels,
  systems: ReadonlyMap<string, System>,
  measures: readonly Measure[],
  options: EvaluateSystemsOptions = {},
): Promise<Map<string, SystemResult>> {
  const { page, signal, depth = depthFor(measures) } = options;
  const judged = new Map<string, SystemRun>();
  for (const [name, system] of systems) {
    judged.set(name, await runSystem(system, index, topics, { size: depth, page, signal }));
    options.onSystem?.(name);
  }
  const timed = page === undefined ? judged : await runInTurn(systems, index, topics, { size: page, signal });
  const results = new Map<string, SystemResult>();
  for (const [name, { combines, approximates }] of systems) {
    const { run } = judged.get(name)!;
    const { latencies, clauses } = timed.get(name)!;
    const cost = { p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95), clauses: mean(clauses) };
    const evaluation = evaluateRun(run, qrels, measures, options.ties);
    results.set(name, { evaluation, run, cost, ...(combines && { combines }), ...(approximates && { approximates }) });
  }
  for (const [name, { approximates }] of systems) {
    const exact = [...systems].find(([, { spec }]) => spec === approximates)?.[0];
    if (exact === undefined) continue;
    const result = results.get(name)!;
    const scoreDifference = largestScoreDifference(result.run, results.get(exact)!.run);
    results.set(name, { ...result, scoreDifference });
  }
  return results;
}

const SHALLOWEST = 100;
const DEEPEST = 1000;

function depthFor(measures: readonly Measure[]): number {
  return Math.max(SHALLOWEST, ...measures.map(({ cutoff }) => (Number.isFinite(cutoff) ? cutoff : DEEPEST)));
}
