import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { EngineRefused } from '../../engine/engine-faults.js';
import { findIndex } from '../prepare-index.js';
import { AliasIsIndex, NothingToRollBack } from './reindex-faults.js';

/** What an alias says of itself on an index: filter, routing, whether writes go there. */
type AliasProperties = JsonObject;

/** An alias that is to be moved must not be the name of an index. @throws {@link AliasIsIndex} */
export async function mustBeNoIndex(engine: Engine, alias: string, { signal }: RequestOptions): Promise<void> {
  const holders = await holdersOf(engine, alias, { signal });
  if (holders.size > 0) return;
  if (await findIndex(engine, alias, { signal })) throw new AliasIsIndex(alias);
}

/**
 * Points an alias at one index and away from all others, in one step: no search sees none of them, or two. Its filter, its routing and
 * what else it says of itself go with it. The index notes in its `_meta` where the alias came from.
 * @returns the indices it stood on before.
 */
export async function moveAlias(engine: Engine, alias: string, to: string, options: RequestOptions): Promise<string[]> {
  const before = await holdersOf(engine, alias, options);
  const from = [...before.keys()].filter((index) => index !== to);
  if (from.length > 0) await noteOrigin(engine, to, alias, from, options);
  await switchAlias(engine, alias, before, [to], options);
  return from;
}

/**
 * Moves an alias back to where it stood before {@link moveAlias}, in one step.
 * @throws {@link NothingToRollBack}
 */
export async function rollBackAlias(engine: Engine, alias: string, options: RequestOptions) {
  const from = await holdersOf(engine, alias, options);
  const [index] = from.keys();
  if (from.size !== 1) throw new NothingToRollBack(alias, `it stands on ${from.size} indices`);
  const { mappings } = await engine.describeIndex(index!, options);
  const to = (mappings._meta as { termweave_aliases?: Record<string, string[]> } | undefined)?.termweave_aliases?.[
    alias
  ];
  if (!to) throw new NothingToRollBack(alias, `index ${index} does not say where it came from`);
  await switchAlias(engine, alias, from, to, options);
  return { alias, from: index!, to };
}

/** The indices that an alias stands on, each with what it says there. */
async function holdersOf(engine: Engine, alias: string, { signal }: RequestOptions) {
  try {
    const path = `/_alias/${encodeURIComponent(alias)}`;
    const answer = (await engine.request({ method: 'GET', path, signal })) as Record<string, AliasEntry>;
    return new Map(Object.entries(answer).map(([index, { aliases }]) => [index, aliases[alias] ?? {}]));
  } catch (thrown) {
    if (thrown instanceof EngineRefused && thrown.status === 404) return new Map<string, AliasProperties>();
    throw thrown;
  }
}

interface AliasEntry {
  readonly aliases: Record<string, AliasProperties>;
}

async function switchAlias(
  engine: Engine,
  alias: string,
  from: ReadonlyMap<string, AliasProperties>,
  to: readonly string[],
  { signal }: RequestOptions,
): Promise<void> {
  const [properties] = from.values();
  const actions = [
    ...[...from.keys()].filter((index) => !to.includes(index)).map((index) => ({ remove: { index, alias } })),
    ...to.map((index) => ({ add: { ...properties, index, alias } })),
  ];
  await engine.request({ method: 'POST', path: '/_aliases', body: { actions }, signal });
}

async function noteOrigin(engine: Engine, index: string, alias: string, from: string[], { signal }: RequestOptions) {
  const { mappings } = await engine.describeIndex(index, { signal });
  const meta = (mappings._meta ?? {}) as JsonObject;
  const termweave_aliases = { ...(meta.termweave_aliases as JsonObject | undefined), [alias]: from };
  const path = `/${encodeURIComponent(index)}/_mapping`;
  await engine.request({ method: 'PUT', path, body: { _meta: { ...meta, termweave_aliases } }, signal });
}
