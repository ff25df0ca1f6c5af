import pMap from 'p-map';
import type { Run, ScoredDocument } from '../measures/judgements.js';
import { randomBits } from '../significance/random-bits.js';
import { shuffled } from './shuffled.js';
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
  const answers = await pMap(topics, (topic) => ask(system, index, topic, options), {
    concurrency,
    signal: options.signal,
  });
  return runOf(topics, answers);
}

/**
 * Asks each topic of all systems, one after the other, in an order that is drawn anew for each topic (the same in every run): what makes an engine slow for a while
 * makes it so for all, and none always comes after the same other one, which may leave the engine busy or warm, so that their latencies can be compared.
 * @returns the answers by the systems' names.
 */
export async function runInTurn(
  systems: ReadonlyMap<string, System>,
  index: SearchedIndex,
  topics: readonly EncodedTopic[],
  options: SearchOptions,
): Promise<Map<string, SystemRun>> {
  const named = [...systems];
  const answers = new Map(named.map(([name]) => [name, [] as Answer[]]));
  const bits = randomBits(SEED);
  for (const topic of topics) {
    for (const [name, system] of shuffled(named, bits)) {
      options.signal?.throwIfAborted();
      answers.get(name)!.push(await ask(system, index, topic, options));
    }
  }
  return new Map([...answers].map(([name, all]) => [name, runOf(topics, all)]));
}

const SEED = 20;

interface Answer {
  readonly documents: readonly ScoredDocument[];
  readonly clauses: number;
  readonly latency: number;
}

async function ask(system: System, index: SearchedIndex, topic: EncodedTopic, options: SearchOptions): Promise<Answer> {
  const began = performance.now();
  const { documents, clauses } = await system.rank(index, topic, options);
  return { documents, clauses, latency: performance.now() - began };
}

function runOf(topics: readonly EncodedTopic[], answers: readonly Answer[]): SystemRun {
  return {
    run: new Map(topics.map(({ id }, i): [string, readonly ScoredDocument[]] => [id, answers[i]!.documents])),
    latencies: answers.map(({ latency }) => latency),
    clauses: answers.map(({ clauses }) => clauses),
  };
}
