import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { access, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { carried, uncarried } from '../../../src/encoder/carried-error.js';
import { compileOnThread } from '../../../src/encoder/compile-on-thread.js';
import { ModelNotCompiled } from '../../../src/encoder/encoder-faults.js';
import { compileModel } from '../../../src/model/compile-model.js';
import { ModelFileBroken, ModelUnsupported } from '../../../src/model/model-faults.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

/** Node tells here of every thread that is started. */
const THREADS = channel('worker_threads');

let original: string;
let home: string;
let threads: Worker[];
let onThread: ((worker: Worker) => void) | undefined;

const listener = (message: unknown) => {
  const { worker } = message as { readonly worker: Worker };
  threads.push(worker);
  onThread?.(worker);
};

beforeAll(async () => {
  original = await tinyCheckpoint();
  THREADS.subscribe(listener);
});
afterAll(async () => {
  THREADS.unsubscribe(listener);
  await rm(original, { recursive: true });
});
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  threads = [];
  onThread = undefined;
});
afterEach(async () => rm(home, { recursive: true }));

const compile = async (folder: string, signal?: AbortSignal) =>
  compileModel({ id: 'tiny', folder, source: 'folder' }, compileOnThread, { home, screened: true, signal });
const written = async () => readdir(join(home, 'compiled'));

test('a model is compiled on one thread, which has ended when the file is there; later none is started', async () => {
  const { file } = await compile(original);
  await access(file);
  expect(threads.map(({ threadId }) => threadId)).toEqual([-1]);
  await compile(original);
  expect(threads).toHaveLength(1);
});

test('a fault of that thread arrives as what it is', async () => {
  const folder = join(home, 'broken');
  await cp(original, folder, { recursive: true });
  const file = join(folder, 'model.safetensors');
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(0xff, bytes.length - 4));
  const thrown = await compile(folder).catch((fault: unknown) => fault);
  expect(threads).toHaveLength(1);
  expect(thrown).toBeInstanceOf(ModelFileBroken);
  expect(thrown).toMatchObject({
    name: 'ModelFileBroken',
    code: 'MODEL_FILE_BROKEN',
    kind: 'input',
    file,
    asked: `read ${file}`,
    found: expect.stringMatching(/^tensor .* holds values that are not finite$/),
    remedy: expect.stringContaining('model pull'),
  });
  expect(await written()).toEqual([]);
});

test('what is thrown keeps its fields on the way between threads, be it a fault or an error of the system', () => {
  const over = <Thrown extends Error>(thrown: Thrown) => uncarried(structuredClone(carried(thrown)));
  const fault = new ModelUnsupported('my-model', 'a graph of 3 GiB', 'Take another');
  expect(over(fault)).toBeInstanceOf(ModelUnsupported);
  expect({ ...over(fault), message: over(fault).message }).toEqual({ ...fault, message: fault.message });
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  expect(over(full)).toMatchObject({ message: full.message, code: 'ENOSPC', syscall: 'write' });
});

test('an abort ends the thread, and leaves no file', async () => {
  const stop = new AbortController();
  const reason = new Error('that is enough');
  onThread = (worker) => void once(worker, 'online').then(() => stop.abort(reason));
  await expect(compile(original, stop.signal)).rejects.toBe(reason);
  expect(threads[0]!.threadId).toBe(-1);
  expect(await written()).toEqual([]);
});

test('a thread that ends before it is done is reported, and leaves no file', async () => {
  onThread = (worker) => void worker.terminate();
  await expect(compile(original)).rejects.toThrow(ModelNotCompiled);
  expect(await written()).toEqual([]);
});
