import { isDeepStrictEqual } from 'node:util';
import type { Dialect, JsonObject } from '../../dialect/dialect.js';
import { traitsOf } from '../../dialect/engine-traits.js';
import { exactJson, parseExactJson } from '../../dialect/exact-number.js';
import type { Engine, IndexDescription, RequestOptions } from '../../engine/engine.js';
import { IndexExists } from '../../engine/engine-faults.js';
import { mustBeFree } from '../../mapping/field-taken.js';
import { mappingFor } from '../../mapping/index-body.js';
import { normalisedVectors } from '../../mapping/normalised-vectors.js';
import type { VectorPlan } from '../../mapping/vector-plan.js';
import { identityOf, uuidOf } from '../bulk/same-index.js';
import { FieldsUnknown, PlanDiffers } from '../ingest-faults.js';
import { checkIndex, findIndex, planVectors, type VectorOptions } from '../prepare-index.js';
import { HASH_FIELD, HASH_MAPPING, mustHoldNothingButHash } from './content-hash.js';
import { NotTheCopy } from './reindex-faults.js';
import { takeAliasesAway } from './template-aliases.js';
import { mustHoldTexts, textFieldsIn } from './text-fields.js';
import { mustHaveWholeSource } from './whole-source.js';

export interface PrepareCopyOptions extends RequestOptions, VectorOptions {
  /** Which documents of the source are copied; all unless given. For a copy that is there: what must match, if given. */
  readonly query?: JsonObject;
}

/** A copy that is ready to be written to. */
export interface PreparedCopy {
  readonly index: string;
  /** The index's own identity: another one of the same name has another. */
  readonly uuid: string;
  readonly plan: VectorPlan;
  readonly dialect: Dialect;
  /** Which documents of the source it is a copy of; of all where absent. */
  readonly query?: JsonObject;
}

/** What a copy says of itself under `_meta.termweave_copy`: enough to go on with it, and to end it, after a crash. */
export interface CopyNote {
  readonly source: string;
  /** The settings that it gets when it is loaded. */
  readonly settings: JsonObject;
  /** The query that it was made with, as JSON: an engine that keeps it as an object may write its numbers otherwise. */
  readonly query?: string;
  /** While the aliases that an index template has given it are to be taken away yet. */
  readonly isNew?: true;
}

/**
 * Makes the copy's index from the source's own settings and mapping, or goes on with the one that is there.
 * @throws {@link NotTheCopy} for an index that is no copy of this source; {ModelMismatch} {PlanDiffers}
 */
export async function prepareCopy(
  engine: Engine,
  source: IndexDescription,
  to: string,
  options: PrepareCopyOptions,
): Promise<PreparedCopy> {
  const found = await findIndex(engine, to, options);
  if (!found) return createCopy(engine, source, to, options);
  return takeUpCopy(engine, source, found, options);
}

/**
 * The copy that is there.
 * @throws {IndexNotFound} {@link NotTheCopy} {ModelMismatch} {PlanDiffers}
 */
export async function openCopy(
  engine: Engine,
  source: IndexDescription,
  to: string,
  options: PrepareCopyOptions,
): Promise<PreparedCopy> {
  return takeUpCopy(engine, source, await engine.describeIndex(to, { signal: options.signal }), options);
}

async function takeUpCopy(
  engine: Engine,
  source: IndexDescription,
  found: IndexDescription,
  options: PrepareCopyOptions,
): Promise<PreparedCopy> {
  const { plan, dialect, query, note } = readCopy(engine, source, found, options);
  // Whoever made it was killed, or is just about to do the same.
  if (note.isNew) await finishMaking(engine, found, note, options);
  return { ...identityOf(found), plan, dialect, query };
}

/**
 * What a copy that is there says of itself.
 * @throws {@link NotTheCopy} {ModelMismatch} {PlanDiffers}
 */
export function readCopy(
  engine: Engine,
  source: IndexDescription,
  found: IndexDescription,
  options: PrepareCopyOptions,
) {
  const note = readCopyNote(found);
  if (note?.source !== source.name) throw new NotTheCopy(found.name, source.name, note?.source);
  const { plan, dialect } = checkIndex(engine, found, options);
  return { plan, dialect, query: queryOf(found.name, note, options.query), note };
}

/** The query that a copy was made with. @throws {PlanDiffers} where another one is asked for. */
function queryOf(copy: string, note: CopyNote, asked: JsonObject | undefined): JsonObject | undefined {
  const query = notedQuery(note);
  if (asked === undefined || isDeepStrictEqual(query, asked)) return query;
  throw new PlanDiffers(copy, 'query', note.query ?? 'none', exactJson(asked));
}

/** Which documents of its source a copy is of; `undefined` for all of them. */
export function notedQuery({ query }: CopyNote): JsonObject | undefined {
  return query === undefined ? undefined : (parseExactJson(query, 'as written') as JsonObject);
}

/** What an index says of itself as a copy, or `undefined` where it is none. */
export function readCopyNote({ mappings }: IndexDescription): CopyNote | undefined {
  return (mappings._meta as { termweave_copy?: CopyNote } | undefined)?.termweave_copy;
}

/**
 * The plan of a new copy.
 * @throws {FieldsUnknown} where no text fields are named, or one that the source cannot have. {FieldTaken} {FieldsNotInSource}
 */
export function planCopy(engine: Engine, source: IndexDescription, options: PrepareCopyOptions) {
  const { textFields } = options;
  if (!textFields) throw new FieldsUnknown('text', [], textFieldsIn(source.mappings));
  mustHoldTexts(source.mappings, textFields);
  const planned = planVectors(engine, textFields, options);
  const vectorFields = Object.keys(planned.plan.vectors);
  mustBeFree(source.mappings, vectorFields);
  mustHoldNothingButHash(source.mappings);
  mustHaveWholeSource(source, vectorFields);
  return planned;
}

async function createCopy(
  engine: Engine,
  source: IndexDescription,
  to: string,
  options: PrepareCopyOptions,
): Promise<PreparedCopy> {
  const { signal } = options;
  const { plan, dialect } = planCopy(engine, source, options);
  const { settings, mappings } = mappingFor({ dialect, plan, like: source });
  const note: CopyNote = {
    source: source.name,
    settings: settingsAfterwards(source.settings),
    query: options.query && exactJson(options.query),
    isNew: true,
  };
  const body = {
    settings: withLoadingSettings(keepingVectors(engine, source, settings)),
    mappings: {
      ...mappings,
      // What the source says of aliases is of its own past.
      _meta: { ...(mappings._meta as JsonObject), termweave_aliases: undefined, termweave_copy: note },
      properties: { ...mappings.properties, [HASH_FIELD]: HASH_MAPPING },
    },
  };
  try {
    await engine.createIndex(to, body, { signal });
  } catch (thrown) {
    // Another slice was quicker.
    if (!(thrown instanceof IndexExists)) throw thrown;
    return openCopy(engine, source, to, options);
  }
  const created = await engine.describeIndex(to, { signal });
  await finishMaking(engine, created, note, { signal });
  return { index: to, uuid: uuidOf(created), plan, dialect, query: options.query };
}

/** Makes of a new index a copy that nobody finds, for good: what aliases come later are wanted. */
async function finishMaking(
  engine: Engine,
  made: IndexDescription,
  { isNew: _, ...note }: CopyNote,
  { signal }: RequestOptions,
): Promise<void> {
  await takeAliasesAway(engine, made, { signal });
  const _meta = { ...(made.mappings._meta as JsonObject), termweave_copy: note };
  const path = `/${encodeURIComponent(made.name)}/_mapping`;
  await engine.request({ method: 'PUT', path, body: { _meta }, signal, repeatable: true });
}

/** `_source` word for word where the engine would give it back otherwise: each document would look as if others had changed it. */
function keepingVectors(engine: Engine, source: IndexDescription, settings: JsonObject): JsonObject {
  if (driftingFields(engine, source).length === 0) return settings;
  const index = (settings.index ?? {}) as JsonObject;
  return { ...settings, index: { ...index, mapping: { ...(index.mapping as JsonObject), [REBUILT]: 'false' } } };
}

/** Whether vectors are left out of what is stored as `_source`, and rebuilt when it is read; under `index.mapping`. */
const REBUILT = 'exclude_source_vectors';

/** The fields, by their paths, whose values change in the last digit with every write of a document, even of one as it was read. */
export function driftingFields(engine: Engine, { mappings, settings }: IndexDescription): readonly string[] {
  const { mapping } = (settings.index ?? {}) as { mapping?: JsonObject };
  const isRebuilt = traitsOf(engine.version).wholeDocuments.vectorsAreHidden && String(mapping?.[REBUILT]) !== 'false';
  return isRebuilt ? normalisedVectors(mappings) : [];
}

/** Nobody searches the copy yet: no refresh, no replicas. */
export const LOADING_SETTINGS = { refresh_interval: '-1', number_of_replicas: '0' } as const;

/** Settings for a copy while it is filled by writes that pass pipelines by. An index template's pipelines are none of the source's. */
export function withLoadingSettings(settings: JsonObject): JsonObject {
  const { default_pipeline = NO_PIPELINE, ...index } = (settings.index ?? {}) as JsonObject;
  // No write passes a final pipeline by, which has been over the source's documents before.
  return { ...settings, index: { ...index, ...LOADING_SETTINGS, default_pipeline, final_pipeline: NO_PIPELINE } };
}

const NO_PIPELINE = '_none';

/** What the source has; `null` stands for the engine's default. */
function settingsAfterwards(settings: JsonObject): JsonObject {
  const { refresh_interval = null, number_of_replicas = '1' } = (settings.index ?? {}) as JsonObject;
  return { refresh_interval, number_of_replicas };
}
