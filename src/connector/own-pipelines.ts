import type { JsonObject } from '../dialect/dialect.js';
import type { IndexDescription } from '../engine/engine.js';

/** The default pipelines that an index has of its own, `null` where it has none: kept in its mapping's `_meta` while it is connected. */
export interface OwnPipelines {
  readonly ingest: string | null;
  readonly search: string | null;
}

export const NO_PIPELINES: OwnPipelines = { ingest: null, search: null };

/** Beside `termweave`, whose plan other readers check. */
const NOTE = 'termweave_own_pipelines';

/** What an index had before it was connected, by the note of an earlier `connect`, else by its settings; `ours` are the names that `connect` gives. */
export function ownPipelines({ settings, mappings }: IndexDescription, ours: string): OwnPipelines {
  const noted = (mappings._meta as JsonObject | undefined)?.[NOTE] as OwnPipelines | undefined;
  const index = settings.index as { default_pipeline?: string; search?: { default_pipeline?: string } } | undefined;
  const now = { ingest: index?.default_pipeline ?? null, search: index?.search?.default_pipeline ?? null };
  const before = (name: string | null, kept: string | null = null) => (name === ours ? kept : name);
  return { ingest: before(now.ingest, noted?.ingest), search: before(now.search, noted?.search) };
}

/** `_meta` with the note in it. */
export function withNote(meta: JsonObject | undefined, own: OwnPipelines): JsonObject {
  return { ...meta, [NOTE]: { ...own } };
}

/** `_meta` without the note. */
export function withoutNote(meta: JsonObject | undefined): JsonObject {
  const { [NOTE]: _, ...rest } = meta ?? {};
  return rest;
}

/** The settings that give an index its own pipelines. */
export function settingsOf({ ingest, search }: OwnPipelines): JsonObject {
  return { 'index.default_pipeline': ingest, 'index.search.default_pipeline': search };
}

/** A pipeline's name where it does something: `_none` stands for none. */
export function runnable(pipeline: string | null): string | undefined {
  return pipeline === null || pipeline === '_none' ? undefined : pipeline;
}
