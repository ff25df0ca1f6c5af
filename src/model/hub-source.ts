import { HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import { downloadBlob } from './download-blob.js';
import { HUB, type HubAccess } from './hub-access.js';
import { HubCache, type ListedFile, type Listing, modelFiles } from './hub-cache.js';
import { ModelNotFound, ModelSourceFailed } from './model-faults.js';
import type { Progress } from './progress.js';

/** The snapshot of a hub model that is in the hub's cache on this machine, and whether it is known to be whole; or `undefined`. */
export async function cachedSnapshot(hubId: string, access: HubAccess) {
  const cache = new HubCache(hubId, access);
  const commit = await cache.commit();
  return commit === undefined ? undefined : { folder: cache.snapshot(commit), isWhole: await cache.isWhole(commit) };
}

export interface FetchOptions {
  /** Take the hub's newest commit even if an earlier one was begun, and read again what is here. */
  readonly anew?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
}

/**
 * Fetches the files of a model from the hub into the hub's own cache, so that other programs find them there. What is there
 * already is kept, also of a download that was broken off; a commit that was begun is completed.
 * @returns the folder of the snapshot.
 * @throws {ModelNotFound} {@link ModelSourceFailed}
 */
export async function fetchFromHub(
  hubId: string,
  access: HubAccess,
  { anew = false, signal, onProgress }: FetchOptions,
): Promise<string> {
  const hubUrl = access.endpoint ?? HUB;
  const cache = new HubCache(hubId, access);
  const begun = anew ? undefined : await cache.commit();
  const request = { hubUrl, accessToken: access.token, fetch: fetchWith(signal) };
  try {
    const commit = begun ?? (await modelInfo({ ...request, name: hubId, additionalFields: ['sha'] })).sha;
    const files =
      (await cache.listing(commit)) ?? (await cache.keepListing(commit, await list(hubId, commit, request)));
    for (const [path, file] of modelFiles(files)) {
      const url = `${hubUrl}/${hubId}/resolve/${commit}/${path}`;
      const blob = { url, token: access.token, blob: cache.blob(file), size: file.size, name: path };
      await downloadBlob(blob, { isRead: anew, signal, onProgress });
      await cache.link(commit, path, file);
    }
    await cache.setCommit(commit);
    return cache.snapshot(commit);
  } catch (thrown) {
    signal?.throwIfAborted();
    throw faultOf(thrown, hubId, hubUrl, begun);
  }
}

type HubRequest = Pick<Parameters<typeof listFiles>[0], 'hubUrl' | 'accessToken' | 'fetch'>;

async function list(hubId: string, revision: string, request: HubRequest): Promise<Listing> {
  const repo = { type: 'model', name: hubId } as const;
  const files: Record<string, ListedFile> = {};
  for await (const entry of listFiles({ ...request, repo, recursive: true, revision })) {
    const { type, path, size, oid, lfs, xetHash } = entry;
    if (type !== 'file') continue;
    const large = lfs && { lfs_sha256: lfs.oid, lfs_size: lfs.size };
    files[path] = { size, blob_id: oid!, ...large, ...(xetHash !== undefined && { xet_hash: xetHash }) };
  }
  return files;
}

function fetchWith(signal?: AbortSignal): typeof fetch {
  return (input, init) => fetch(input, { ...init, signal });
}

function faultOf(thrown: unknown, hubId: string, hubUrl: string, begun: string | undefined): unknown {
  if (!(thrown instanceof HubApiError || thrown instanceof TypeError)) return thrown;
  if (thrown instanceof HubApiError) {
    if (thrown.statusCode === 404) return notFound(hubId, hubUrl, begun);
    if (thrown.statusCode === 401 || thrown.statusCode === 403) {
      const remedy = 'Accept the licence on its page and set HF_TOKEN to a token that may read it';
      return new ModelNotFound(hubId, `${hubUrl} does not show it without permission, or has no such model`, remedy);
    }
  }
  const cause = thrown instanceof TypeError && thrown.cause ? thrown.cause : thrown;
  const remedy = 'Check the network and HF_ENDPOINT; or copy the model folder from another machine and give its path';
  return new ModelSourceFailed(hubId, hubUrl, cause, remedy);
}

function notFound(hubId: string, hubUrl: string, begun: string | undefined): ModelNotFound {
  if (begun === undefined) return new ModelNotFound(hubId, `${hubUrl} has no such model`);
  const found = `${hubUrl} has no such model, or no longer its commit ${begun}, of which files are missing here`;
  return new ModelNotFound(hubId, found, 'Run `termweave model pull`, which takes the newest commit');
}
