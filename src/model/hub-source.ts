import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { HubApiError, type ListFileEntry, listFiles, modelInfo } from '@huggingface/hub';
import { downloadBlob } from './download-blob.js';
import { HUB, type HubAccess, hubRepositoryFolder } from './hub-access.js';
import { ModelNotFound, ModelSourceFailed } from './model-faults.js';
import { isModelFile } from './model-folder.js';
import type { Progress } from './progress.js';

const REVISION = 'main';

/** The snapshot of a hub model that is already in the hub's cache on this machine, or `undefined`. */
export async function cachedSnapshot(hubId: string, access: HubAccess): Promise<string | undefined> {
  const repository = hubRepositoryFolder(hubId, access);
  try {
    const commit = (await readFile(join(repository, 'refs', REVISION), 'utf8')).trim();
    const snapshot = join(repository, 'snapshots', commit);
    await stat(join(snapshot, 'config.json'));
    return snapshot;
  } catch {
    return undefined;
  }
}

/**
 * Fetches the files of a model from the hub into the hub's own cache (blobs by hash, snapshots of links), so that other
 * programs find them there. A download that was broken off goes on where it stopped.
 * @returns the folder of the snapshot.
 * @throws {ModelNotFound} {@link ModelSourceFailed}
 */
export async function fetchFromHub(
  hubId: string,
  access: HubAccess,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: Progress },
): Promise<string> {
  const hubUrl = access.endpoint ?? HUB;
  const repo = { type: 'model', name: hubId } as const;
  const request = { hubUrl, accessToken: access.token, fetch: fetchWith(signal) };
  try {
    const { sha: commit } = await modelInfo({ ...request, name: hubId, additionalFields: ['sha'] });
    const repository = hubRepositoryFolder(hubId, access);
    const snapshot = join(repository, 'snapshots', commit);
    for await (const entry of listFiles({ ...request, repo, recursive: true, revision: commit })) {
      if (entry.type !== 'file' || !isModelFile(entry.path)) continue;
      const blob = join(repository, 'blobs', hashOf(entry));
      const url = `${hubUrl}/${hubId}/resolve/${commit}/${entry.path}`;
      await downloadBlob(
        { url, token: access.token, blob, size: entry.size, name: entry.path },
        { signal, onProgress },
      );
      await link(blob, join(snapshot, entry.path));
    }
    await mkdir(join(repository, 'refs'), { recursive: true });
    await writeFile(join(repository, 'refs', REVISION), commit);
    return snapshot;
  } catch (thrown) {
    signal?.throwIfAborted();
    throw faultOf(thrown, hubId, hubUrl);
  }
}

/** Large files are named by their SHA-256, small ones by git's SHA-1, as the hub's other clients name them. */
function hashOf(entry: ListFileEntry): string {
  return entry.lfs?.oid ?? entry.oid!;
}

async function link(blob: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await symlink(relative(dirname(path), blob), path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
}

function fetchWith(signal?: AbortSignal): typeof fetch {
  return (input, init) => fetch(input, { ...init, signal });
}

function faultOf(thrown: unknown, hubId: string, hubUrl: string): unknown {
  if (!(thrown instanceof HubApiError || thrown instanceof TypeError)) return thrown;
  if (thrown instanceof HubApiError) {
    if (thrown.statusCode === 404) return new ModelNotFound(hubId, `${hubUrl} has no such model`);
    if (thrown.statusCode === 401 || thrown.statusCode === 403) {
      const remedy = 'Accept the licence on its page and set HF_TOKEN to a token that may read it';
      return new ModelNotFound(hubId, `${hubUrl} does not show it without permission, or has no such model`, remedy);
    }
  }
  const cause = thrown instanceof TypeError && thrown.cause ? thrown.cause : thrown;
  const remedy = 'Check the network and HF_ENDPOINT; or copy the model folder from another machine and give its path';
  return new ModelSourceFailed(hubId, hubUrl, cause, remedy);
}
