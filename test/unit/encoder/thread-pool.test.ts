import { EventEmitter } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { compileOnThread } from '../../../src/encoder/compile-on-thread.js';
import { EncoderCrashed } from '../../../src/encoder/encoder-faults.js';
import type { ThreadSetup } from '../../../src/encoder/encoding-thread.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { ThreadPool } from '../../../src/encoder/thread-pool.js';
import type { EncodedTask } from '../../../src/encoder/worker-messages.js';
import { compileModel } from '../../../src/model/compile-model.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let home: string;
let folder: string;
let setup: ThreadSetup;
let pool: ThreadPool;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  folder = await tinyCheckpoint();
  const model = { id: 'tiny', folder, source: 'folder' } as const;
  const { file } = await compileModel(model, compileOnThread, { home, screened: true });
  const tokenizerFile = join(folder, 'tokenizer.json');
  const tokenizer = { tokenizer: JSON.parse(await readFile(tokenizerFile, 'utf8')), config: {} };
  setup = { model: file, device: 'cpu', threads: 1, tokenizer, tokenizerFile, maxTokens: 64 };
  pool = new ThreadPool(setup, 1);
});
afterAll(async () => {
  await pool[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
  await rm(folder, { recursive: true });
});

/** 48 tokens, and two around them. */
const LONG = 'the cat sat on the mat '.repeat(8);

const post = Worker.prototype.postMessage;
afterEach(() => {
  Worker.prototype.postMessage = post;
  Reflect.deleteProperty(Worker.prototype, 'on');
});

/** How a thread ends under a task: at once, or by an error that nothing in it catches (out of memory is one). */
const ENDS = {
  terminated: (worker: Worker) => void worker.terminate(),
  'ended by an error': (worker: Worker) => post.call(worker, null),
};

/** Ends the thread as soon as it is given a task, the first `times` times. */
function crash(times: number, end: (worker: Worker) => void): void {
  let left = times;
  Worker.prototype.postMessage = function (this: Worker, message: unknown) {
    if (left-- > 0) end(this);
    else post.call(this, message);
  };
}

test('a session of several threads gives the vectors of one', async () => {
  await using shared = new ThreadPool({ ...setup, threads: 2 }, 1);
  const task = { texts: ['the cat', LONG], as: 'document' } as const;
  expect(await shared.encode(task)).toEqual(await pool.encode(task));
});

test.each(Object.entries(ENDS))('a task survives a thread that is %s', async (_, end) => {
  crash(1, end);
  const encoded = await pool.encode({ texts: ['the cat'], as: 'document' });
  expect(encoded.sizes[0]).toBeGreaterThan(0);
});

test.each(Object.entries(ENDS))(
  'a task under which two threads are %s is reported, and the pool goes on',
  async (_, end) => {
    crash(2, end);
    await expect(pool.encode({ texts: ['the cat'], as: 'document' })).rejects.toThrow(EncoderCrashed);
    expect((await pool.encode({ texts: ['the cat'], as: 'document' })).tokens[0]).toBe(4);
  },
);

/** Has the next thread end before it is ready. */
function failNextStart(): void {
  Worker.prototype.on = function (this: Worker, ...given: Parameters<Worker['on']>) {
    const [event, listener] = given;
    if (event === 'exit') {
      Reflect.deleteProperty(Worker.prototype, 'on');
      void this.terminate();
    }
    return EventEmitter.prototype.on.call(this, event, listener) as Worker;
  };
}

test('a thread that cannot start is a matter of the machine', async () => {
  await using other = new ThreadPool(pool.setup, 1);
  failNextStart();
  await expect(other.warmUp()).rejects.toMatchObject({ code: 'ENCODER_NOT_STARTED', kind: 'environment' });
});

test('where another thread cannot start, those that are there do the work', async () => {
  await using two = new ThreadPool(pool.setup, 2);
  await two.warmUp();
  failNextStart();
  const tasks = [LONG, LONG, LONG].map((text) => two.encode({ texts: [text], as: 'document' }));
  const all = await Promise.all(tasks);
  expect(all.map(({ tokens }) => tokens[0])).toEqual([50, 50, 50]);
});

test.each([
  { leftAloneMs: 500, started: 1 },
  { leftAloneMs: 60_000, started: 0 },
])('a pool that could not start a thread tries again with a later task, after a while: %j', async (one) => {
  await using two = new ThreadPool(pool.setup, 2, one.leftAloneMs);
  await two.warmUp();
  const encodeTwo = () => Promise.all([LONG, LONG].map((text) => two.encode({ texts: [text], as: 'document' })));
  failNextStart();
  await encodeTwo();
  await setTimeout(600);
  const workers = startedWorkers();
  await encodeTwo();
  expect(workers.size).toBe(one.started);
});

test('a pool whose last thread has ended starts one at once, whatever could not be started before', async () => {
  await using two = new ThreadPool(pool.setup, 2, 60_000);
  await two.warmUp();
  failNextStart();
  await Promise.all([LONG, LONG].map((text) => two.encode({ texts: [text], as: 'document' })));
  crash(1, ENDS.terminated);
  expect((await two.encode({ texts: ['the cat'], as: 'document' })).tokens[0]).toBe(4);
});

test('a pool of which idle threads have ended works on with the one that has not', async () => {
  await using three = new ThreadPool(pool.setup, 3);
  const encode = (texts: number) =>
    Promise.all(Array.from({ length: texts }, () => three.encode({ texts: [LONG], as: 'document' })));
  await encode(3);
  const next = new Set<Worker>();
  Worker.prototype.postMessage = function (this: Worker, message: unknown) {
    next.add(this);
    post.call(this, message);
  };
  await encode(2);
  const ended = await Promise.all([...next].map((worker) => worker.terminate()));
  const workers = startedWorkers();
  const [{ tokens }] = (await encode(1)) as [EncodedTask];
  expect([ended.length, workers.size, tokens[0]]).toEqual([2, 0, 50]);
});

test('closing ends the threads that are only starting, and refuses whoever waits for them', async () => {
  const workers = startedWorkers();
  const two = new ThreadPool(pool.setup, 2);
  await two.warmUp();
  const atWork = two.encode({ texts: [LONG], as: 'document' });
  const starting = two.encode({ texts: ['the cat'], as: 'document' });
  let isRefused = false;
  const refused = expect(starting).rejects.toMatchObject({ code: 'ENCODER_CLOSED' });
  void starting.catch(() => {
    isRefused = true;
  });
  await two[Symbol.asyncDispose]();
  expect(isRefused).toBe(true);
  await refused;
  expect((await atWork).tokens[0]).toBe(50);
  expect([...workers].map(({ threadId }) => threadId)).toEqual([-1, -1]);
});

test('loading that is aborted while its thread starts leaves none', async () => {
  // Compiled by now, so that no other threads are made.
  await (await loadEncoder(folder, { home, workers: 1 }))[Symbol.asyncDispose]();
  const workers = startedWorkers();
  const aborting = new AbortController();
  const loading = loadEncoder(folder, { home, workers: 1, signal: aborting.signal });
  const loaded = expect(loading).rejects.toThrow('enough');
  while (workers.size === 0) await new Promise((resolve) => setImmediate(resolve));
  aborting.abort(new Error('enough'));
  await loaded;
  expect([...workers].map(({ threadId }) => threadId)).toEqual([-1]);
});

/** The threads that are started from now on; one that has ended has no id any more. */
function startedWorkers(): ReadonlySet<Worker> {
  const workers = new Set<Worker>();
  Worker.prototype.on = function (this: Worker, ...[event, listener]: Parameters<Worker['on']>) {
    if (event === 'exit') workers.add(this);
    return EventEmitter.prototype.on.call(this, event, listener) as Worker;
  };
  return workers;
}

test('a task that waits for a thread is left at once when it is aborted', async () => {
  const busy = pool.encode({
    texts: Array.from({ length: 64 }, () => LONG),
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

test('any number of threads takes one listener for the end of the process', async () => {
  const count = () => process.listenerCount('exit');
  await pool.encode({ texts: ['the cat'], as: 'document' });
  const ofOne = count();
  await using second = new ThreadPool(pool.setup, 1);
  await second.warmUp();
  expect(count()).toBe(ofOne);
});
