import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EncoderCrashed } from '../../../src/encoder/encoder-faults.js';
import { screenOnThread } from '../../../src/encoder/screen-on-thread.js';
import { ThreadPool } from '../../../src/encoder/thread-pool.js';
import { compileModel } from '../../../src/model/compile-model.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let home: string;
let folder: string;
let pool: ThreadPool;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  folder = await tinyCheckpoint();
  const { file } = await compileModel({ id: 'tiny', folder, source: 'folder' }, { home, makeScreen: screenOnThread });
  const tokenizerFile = join(folder, 'tokenizer.json');
  const tokenizer = { tokenizer: JSON.parse(await readFile(tokenizerFile, 'utf8')), config: {} };
  pool = new ThreadPool({ model: file, device: 'cpu', tokenizer, tokenizerFile, maxTokens: 64 }, 1);
});
afterAll(async () => {
  await pool[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
  await rm(folder, { recursive: true });
});

const post = Worker.prototype.postMessage;
afterEach(() => {
  Worker.prototype.postMessage = post;
});

/** Ends the thread as soon as it is given a task, the first `times` times: what the kernel does to a thread out of memory. */
function crash(times: number): void {
  let left = times;
  Worker.prototype.postMessage = function (this: Worker, message: unknown) {
    if (left-- > 0) void this.terminate();
    else post.call(this, message);
  };
}

test('a task survives the end of its thread', async () => {
  crash(1);
  const encoded = await pool.encode({ texts: ['the cat'], as: 'document' });
  expect(encoded.sizes[0]).toBeGreaterThan(0);
});

test('a task that ends two threads is reported, and the pool goes on', async () => {
  crash(2);
  await expect(pool.encode({ texts: ['the cat'], as: 'document' })).rejects.toThrow(EncoderCrashed);
  expect((await pool.encode({ texts: ['the cat'], as: 'document' })).tokens[0]).toBe(4);
});

test('a task that waits for a thread is left at once when it is aborted', async () => {
  const busy = pool.encode({
    texts: Array.from({ length: 64 }, () => 'the cat sat on the mat '.repeat(8)),
    as: 'document',
  });
  const waiting = new AbortController();
  const left = pool.encode({ texts: ['the cat'], as: 'document' }, waiting.signal);
  let isBusy = true;
  busy.finally(() => {
    isBusy = false;
  });
  waiting.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  expect(isBusy).toBe(true);
  await busy;
  expect((await pool.encode({ texts: ['the cat'], as: 'document' })).tokens[0]).toBe(4);
});
