import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { EngineRefused, IndexUnavailable } from '../../engine/engine-faults.js';
import { Backoff, DEFAULT_RETRY } from '../bulk/backoff.js';
import type { Waiting } from '../bulk/until-answered.js';
import { LOADING_SETTINGS, readCopyNote } from './prepare-copy.js';

/** Sees to it that a copy which is being loaded is neither refreshed nor replicated. */
export async function putLoadingSettings(engine: Engine, copy: string, options: RequestOptions): Promise<void> {
  await putSettings(engine, copy, LOADING_SETTINGS, options);
}

/**
 * Gives a copy the settings that its note says it is to have when it is loaded, in place of those for loading: what somebody has set there
 * since stays.
 */
export async function restoreSettings(engine: Engine, copy: string, options: RequestOptions): Promise<void> {
  const description = await engine.describeIndex(copy, options);
  const now = (description.settings.index ?? {}) as JsonObject;
  const noted = Object.entries(readCopyNote(description)?.settings ?? {});
  const left = noted.filter(([name]) => String(now[name]) === LOADING_SETTINGS[name as keyof typeof LOADING_SETTINGS]);
  const changed = left.filter(([name, value]) => String(now[name]) !== String(value));
  if (changed.length > 0) await putSettings(engine, copy, Object.fromEntries(changed), options);
}

/** A copy as it is to be searched: with its own settings, and replicated. */
export async function makeReady(engine: Engine, copy: string, options: Waiting): Promise<void> {
  await restoreSettings(engine, copy, options);
  await untilReplicated(engine, copy, options);
}

/** Shards without replicas are there at once: nobody is told of so short a wait, but of all after it. */
const FIRST_WAIT_MS = 1000;
const WAIT_MS = 20_000;

/**
 * Waits until no shard of a copy is being built any more: its replicas are there, or have no node to be on.
 * @throws {IndexUnavailable} where a primary has been on no node for the policy's patience.
 */
async function untilReplicated(engine: Engine, copy: string, { signal, retry = DEFAULT_RETRY }: Waiting) {
  const backoff = new Backoff(retry);
  const path = `/_cluster/health/${encodeURIComponent(copy)}`;
  const awaited = { wait_for_status: 'yellow', wait_for_no_initializing_shards: 'true' };
  const ask = (query?: Readonly<Record<string, string>>) =>
    engine.request({ method: 'GET', path, query, signal }).catch(notYet) as Promise<
      { timed_out?: boolean; status?: string } | undefined
    >;
  const reason = `shards of ${copy} are not there yet`;
  for (let ms = FIRST_WAIT_MS; ; ms = WAIT_MS) {
    signal?.throwIfAborted();
    if (ms > FIRST_WAIT_MS) retry.onWait?.(ms, reason);
    if ((await ask({ ...awaited, timeout: `${ms}ms` }))?.timed_out === false) return;
    const status = (await ask())?.status;
    if (status !== 'red') backoff.reset();
    else if (backoff.exhausted) throw new IndexUnavailable(copy, 'it stays red: a primary shard is on no node');
    await backoff.wait(reason, signal);
  }
}

/** An engine whose wait has timed out answers 408. */
function notYet(thrown: unknown): undefined {
  if (thrown instanceof EngineRefused && thrown.status === 408) return undefined;
  throw thrown;
}

async function putSettings(engine: Engine, index: string, settings: JsonObject, { signal }: RequestOptions) {
  const path = `/${encodeURIComponent(index)}/_settings`;
  await engine.request({ method: 'PUT', path, body: { index: settings }, signal, repeatable: true });
}
