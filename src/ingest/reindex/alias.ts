import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { EngineRefused } from '../../engine/engine-faults.js';
import { NothingToRollBack } from './reindex-faults.js';

/**
 * Points an alias at one index and away from all others, in one step: no search sees none of them, or two. The index notes in its
 * `_meta` where the alias came from.
 * @returns the indices it stood on before.
 */
export async function moveAlias(engine: Engine, alias: string, to: string, options: RequestOptions): Promise<string[]> {
  const before = await holdersOf(engine, alias, options);
  const from = before.filter((index) => index !== to);
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
  if (from.length !== 1) throw new NothingToRollBack(alias, `it stands on ${from.length} indices`);
  const { mappings } = await engine.describeIndex(from[0]!, options);
  const to = (mappings._meta as { termweave_aliases?: Record<string, string[]> } | undefined)?.termweave_aliases?.[
    alias
  ];
  if (!to) throw new NothingToRollBack(alias, `index ${from[0]} does not say where it came from`);
  await switchAlias(engine, alias, from, to, options);
  return { alias, from: from[0]!, to };
}

async function holdersOf(engine: Engine, alias: string, { signal }: RequestOptions): Promise<string[]> {
  try {
    const path = `/_alias/${encodeURIComponent(alias)}`;
    return Object.keys((await engine.request({ method: 'GET', path, signal })) as JsonObject);
  } catch (thrown) {
    if (thrown instanceof EngineRefused && thrown.status === 404) return [];
    throw thrown;
  }
}

async function switchAlias(
  engine: Engine,
  alias: string,
  from: readonly string[],
  to: readonly string[],
  { signal }: RequestOptions,
): Promise<void> {
  const actions = [
    ...from.filter((index) => !to.includes(index)).map((index) => ({ remove: { index, alias } })),
    ...to.map((index) => ({ add: { index, alias } })),
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
