import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { type HubAccess, hubRepositoryFolder } from './hub-access.js';
import { isModelFile } from './model-folder.js';
import { sizeOf } from './part-of-blob.js';

const REVISION = 'main';
const FORMAT = 1;

const listedFile = z.looseObject({
  size: z.number(),
  /** Git's SHA-1 of what is in the repository: of a large file, its pointer. */
  blob_id: z.string(),
  /** Of a large file, its contents. */
  lfs_sha256: z.string().optional(),
});
/** What a file of a repository is. */
export type ListedFile = z.infer<typeof listedFile>;
const listing = z.object({ format_version: z.literal(FORMAT), files: z.record(z.string(), listedFile) });
/** The files of a repository at a commit, by path. */
export type Listing = Readonly<Record<string, ListedFile>>;

/**
 * A repository in the hub's cache, as the hub's other clients keep it: blobs by hash, snapshots of links to them, references to
 * commits, and since huggingface_hub 1 the list of a commit's files under `trees/`. A snapshot alone does not tell whether it is
 * whole: those clients put into it the files that a program asked for, one by one.
 */
export class HubCache {
  readonly #repository: string;

  constructor(hubId: string, access: HubAccess) {
    this.#repository = hubRepositoryFolder(hubId, access);
  }

  /** The commit that was last fetched; `undefined` where none was. */
  async commit(): Promise<string | undefined> {
    const commit = await readFile(join(this.#repository, 'refs', REVISION), 'utf8').catch(() => '');
    return commit.trim() || undefined;
  }

  async setCommit(commit: string): Promise<void> {
    await writeWhole(join(this.#repository, 'refs', REVISION), commit);
  }

  snapshot(commit: string): string {
    return join(this.#repository, 'snapshots', commit);
  }

  /** Where the contents of a file are. Large files are named by their SHA-256, small ones by git's SHA-1. */
  blob({ lfs_sha256, blob_id }: ListedFile): string {
    return join(this.#repository, 'blobs', lfs_sha256 ?? blob_id);
  }

  /** The list of a commit's files, if it is here; it never changes. */
  async listing(commit: string): Promise<Listing | undefined> {
    try {
      return listing.parse(JSON.parse(await readFile(this.#listingFile(commit), 'utf8'))).files;
    } catch {
      return undefined;
    }
  }

  async keepListing(commit: string, files: Listing): Promise<Listing> {
    await writeWhole(this.#listingFile(commit), JSON.stringify({ format_version: FORMAT, files }, undefined, 1));
    return files;
  }

  /** Whether every file of a model is in a snapshot; not so where nothing says which those are. */
  async isWhole(commit: string): Promise<boolean> {
    const files = await this.listing(commit);
    if (files === undefined) return false;
    for (const [path, { size }] of modelFiles(files)) {
      if ((await sizeOf(join(this.snapshot(commit), path))) !== size) return false;
    }
    return true;
  }

  /** Puts a file whose blob is here into a snapshot. */
  async link(commit: string, path: string, file: ListedFile): Promise<void> {
    const place = join(this.snapshot(commit), path);
    if ((await sizeOf(place)) === file.size) return;
    await mkdir(dirname(place), { recursive: true });
    await rm(place, { force: true });
    await symlink(relative(dirname(place), this.blob(file)), place).catch((thrown: NodeJS.ErrnoException) => {
      // Another process was faster.
      if (thrown.code !== 'EEXIST') throw thrown;
    });
  }

  #listingFile(commit: string): string {
    return join(this.#repository, 'trees', `${commit}.json`);
  }
}

/** The files of a repository that make a model. */
export function modelFiles(files: Listing): [string, ListedFile][] {
  return Object.entries(files).filter(([path]) => isModelFile(path));
}

/** Other processes read it at any time. */
async function writeWhole(file: string, contents: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.${randomUUID()}.tmp`;
  await writeFile(part, contents);
  await rename(part, file);
}
