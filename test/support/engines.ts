/**
 * Real engines for the contract suites. One engine of each kind serves all test files of a run; it starts when the first test
 * asks for its address and is stopped at the end.
 *
 * ```ts
 * import { freshName, onEveryEngine } from '../support/engines.js';
 *
 * onEveryEngine('search', (engine) => {
 *   let url: string;
 *   beforeAll(async () => { url = await engine.url(); });
 *   it('answers', async () => { ... freshName('search') ... });
 * });
 *
 * onEveryEngine('rank features', suite, ({ engine, version }) => engine === 'opensearch' || version.startsWith('7.'));
 * ```
 *
 * `TERMWEAVE_TEST_ENGINES=opensearch,elasticsearch-7` narrows a run. An engine that cannot be had (no Java that fits, nothing
 * fetched and no Maven) is skipped, named in the closing lines, and fails a run with `CI` set. Suites share engines: give every
 * index a {@link freshName}, delete nothing that is not yours, change no cluster setting; who must do that, or stops and kills
 * nodes, starts a sandbox of their own.
 */
import { randomUUID } from 'node:crypto';
import type { EngineName } from '../../src/sandbox/start-sandbox.js';

/** An engine to test on. */
export interface TestedEngine {
  /** `opensearch-3.8.0`. */
  readonly name: string;
  readonly engine: EngineName;
  readonly version: string;
  /** Why it cannot be had on this machine, if so. */
  readonly missing?: string;
  /** The address of the running engine. Asking starts it, which takes 5 to 30 seconds the first time. */
  url(): Promise<string>;
}

interface Broker {
  readonly url: string;
  readonly engines: readonly Omit<TestedEngine, 'url'>[];
}

/** A `describe` for each engine that `accept` takes, titled `TITLE on ENGINE`. */
export function onEveryEngine(
  title: string,
  suite: (engine: TestedEngine) => void,
  accept: (engine: Omit<TestedEngine, 'url'>) => boolean = () => true,
): void {
  const broker: Broker = JSON.parse(process.env.TERMWEAVE_TEST_BROKER!);
  for (const facts of broker.engines.filter(accept)) {
    const { name, missing } = facts;
    const register = missing === undefined ? describe : describe.skip;
    register(`${title} on ${name}`, () => suite({ ...facts, url: () => addressOf(broker, facts) }));
  }
}

/** Time for a test that starts engines of its own, on a machine that may be busy. */
export const STARTS_ENGINES_MS = 400_000;

/** A name that no other test uses, valid for an index: `search-1f0c9a3e`. */
export function freshName(beginning: string): string {
  return `${beginning}-${randomUUID().slice(0, 8)}`;
}

async function addressOf(broker: Broker, { name, engine, version }: Omit<TestedEngine, 'url'>): Promise<string> {
  const response = await fetch(`${broker.url}/?${new URLSearchParams({ engine, version })}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${name} did not start: ${text}`);
  return JSON.parse(text).url;
}
