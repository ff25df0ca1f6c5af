import pMap from 'p-map';
import type { Run, ScoredDocument } from '../measures/judgements.js';
import type { EncodedTopic, SearchedIndex, SearchOptions, System } from './system.js';

/** The answers of a system to all topics. */
export interface SystemRun {
  readonly run: Run;
  /** Milliseconds from request to answer, by topic in their order, as seen from here. */
  readonly latencies: readonly number[];
  /** Features asked for, by topic. */
  readonly clauses: readonly number[];
}

export interface RunOptions extends SearchOptions {
  /** Searches at once. With 1, the default, latencies are those of a client that waits. */
  readonly concurrency?: number;
}

/** Asks a system every topic. */
export async function runSystem(
  system: System,
  index: SearchedIndex,
  topics: readonly EncodedTopic[],
  { concurrency = 1, ...options }: RunOptions,
): Promise<SystemRun> {
  const ask = async (topic: EncodedTopic) => {
    const began = performance.now();
    const { documents, clauses } = await system.rank(index, topic, options);
    return { documents, clauses, latency: performance.now() - began };
  };
  const answers = await pMap(topics, ask, { concurrency, signal: options.signal });
  return {
    run: new Map(topics.map(({ id }, i): [string, readonly ScoredDocument[]] => [id, answers[i]!.documents])),
    latencies: answers.map(({ latency }) => latency),
    clauses: answers.map(({ clauses }) => clauses),
  };
}
