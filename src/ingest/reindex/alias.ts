import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { AccessDenied, EngineRefused, IndexNotFound } from '../../engine/engine-faults.js';
import { mustBeNamed, mustBeUsableName } from '../../engine/index-name.js';
import { impatient, patient, patiently } from '../bulk/patient-engine.js';
import type { Waiting } from '../bulk/until-answered.js';
import { RunGone } from '../ingest-faults.js';
import { findIndex } from '../prepare-index.js';
import { readCopyNote } from './prepare-copy.js';
import { AliasHasOthers, AliasIsIndex, NothingToRollBack } from './reindex-faults.js';

/** What an alias says of itself on an index: filter, routing, whether writes go there. */
type AliasProperties = JsonObject;

/**
 * An alias can be moved where it is not the name of an index and stands, if anywhere, on the source, on the copy or on earlier copies of the
 * source: what else it stands on would be lost to its searches.
 * @param to the copy, which need not be there yet.
 * @throws {NameUnusable} {@link AliasIsIndex} {@link AliasHasOthers}
 */
export async function mustBeMovable(
  engine: Engine,
  alias: string,
  { source, to }: AliasMove,
  { signal }: RequestOptions,
): Promise<void> {
  mustBeUsableName('alias', alias);
  const holders = await holdersOf(engine, alias, { signal });
  const isIndex = holders.size === 0 && (alias === to || (await findIndex(engine, alias, { signal })));
  if (isIndex) throw new AliasIsIndex(alias);
  const others: string[] = [];
  for (const index of holders.keys()) {
    if (index === source || index === to) continue;
    const note = readCopyNote(await engine.describeIndex(index, { signal }));
    if (note?.source !== source) others.push(index);
  }
  if (others.length > 0) throw new AliasHasOthers(alias, source, others);
}

/** From where to where an alias moves: names of indices. */
export interface AliasMove {
  readonly source: string;
  readonly to: string;
}

/**
 * Points an alias at a copy, and away from its source and earlier copies, in one step: no search sees none of them, or two. Its filter, its
 * routing and what else it says of itself go with it. The copy notes in its `_meta` where the alias came from, and what it said there.
 * @returns the indices it stood on before.
 * @throws {@link AliasIsIndex} {@link AliasHasOthers}
 */
export async function moveAlias(
  engine: Engine,
  alias: string,
  move: AliasMove,
  options: RequestOptions,
): Promise<string[]> {
  await mustBeMovable(engine, alias, move, options);
  const before = await holdersOf(engine, alias, options);
  const from = new Map([...before].filter(([index]) => index !== move.to));
  if (from.size > 0) await noteOrigin(engine, move.to, alias, from, options);
  const [first] = before.values();
  const properties = before.get(move.to) ?? before.get(move.source) ?? first ?? {};
  await switchAlias(engine, alias, before, new Map([[move.to, properties]]), options);
  return [...from.keys()];
}

/**
 * Moves an alias back to where it stood before {@link moveAlias}, in one step; on each index it says again what it said there.
 * @throws {NameUnusable} {@link NothingToRollBack}
 */
export async function rollBackAlias(cluster: Engine, alias: string, options: Waiting) {
  const from = await holdersOf(cluster, alias, options);
  // An engine that has answered once is waited for when it cannot answer.
  const engine = patient(cluster, options.retry);
  const [index] = from.keys();
  if (from.size !== 1) throw new NothingToRollBack(alias, `it stands on ${from.size} indices`);
  const { mappings } = await engine.describeIndex(index!, options);
  const origin = (mappings._meta as { termweave_aliases?: Origins } | undefined)?.termweave_aliases?.[alias];
  if (!origin) throw new NothingToRollBack(alias, `index ${index} does not say where it came from`);
  const to = new Map(Object.entries(origin));
  try {
    await switchAlias(engine, alias, from, to, options);
  } catch (thrown) {
    if (!(thrown instanceof IndexNotFound)) throw thrown;
    throw new NothingToRollBack(alias, `it stood on index ${thrown.index}, which is not there any more`);
  }
  return { alias, from: index!, to: [...to.keys()] };
}

/** Where each alias of a copy stood before, by index, and what it said there. */
type Origins = Readonly<Record<string, Readonly<Record<string, AliasProperties>>>>;

/** The indices that an alias stands on, each with what it says there. */
async function holdersOf(engine: Engine, alias: string, { signal }: RequestOptions) {
  mustBeNamed('alias', alias);
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
  to: ReadonlyMap<string, AliasProperties>,
  { signal }: RequestOptions,
): Promise<void> {
  const actions = [
    ...[...from.keys()].filter((index) => !to.has(index)).map((index) => ({ remove: { index, alias } })),
    ...[...to].map(([index, properties]) => ({ add: { ...properties, index, alias } })),
  ];
  const move = async () => {
    try {
      await engine.request({ method: 'POST', path: '/_aliases', body: { actions }, signal });
    } catch (thrown) {
      // A move whose answer was lost (504, a connection that broke) may be done all the same, by this attempt or by the one before.
      if (isRefused(thrown) || !(await standsOn(impatient(engine), alias, to, { signal }))) throw thrown;
    }
  };
  await patiently(engine, move, { signal });
}

/** Whether a move was not made, whatever the alias says: 404 is what one that was made before is answered with. */
function isRefused(thrown: unknown): boolean {
  if (thrown instanceof EngineRefused) return thrown.status < 500 && thrown.status !== 404 && thrown.status !== 429;
  return thrown instanceof RunGone || thrown instanceof AccessDenied;
}

/** Whether an alias stands on these indices and no others, as far as the engine can tell at the moment. */
async function standsOn(
  engine: Engine,
  alias: string,
  to: ReadonlyMap<string, unknown>,
  options: RequestOptions,
): Promise<boolean> {
  const holders = await holdersOf(engine, alias, options).catch(() => undefined);
  return holders?.size === to.size && [...holders.keys()].every((index) => to.has(index));
}

async function noteOrigin(
  engine: Engine,
  index: string,
  alias: string,
  from: ReadonlyMap<string, AliasProperties>,
  { signal }: RequestOptions,
) {
  const { mappings } = await engine.describeIndex(index, { signal });
  const meta = (mappings._meta ?? {}) as JsonObject;
  const termweave_aliases = {
    ...(meta.termweave_aliases as JsonObject | undefined),
    [alias]: Object.fromEntries(from),
  };
  const path = `/${encodeURIComponent(index)}/_mapping`;
  await engine.request({
    method: 'PUT',
    path,
    body: { _meta: { ...meta, termweave_aliases } },
    signal,
    repeatable: true,
  });
}
