import { EncodeQueue } from '../../../src/encoder/encode-queue.js';
import type { ThreadPool } from '../../../src/encoder/thread-pool.js';
import type { EncodedTask, EncodeTask } from '../../../src/encoder/worker-messages.js';

/** A pool of one slow thread: text `abc` has three entries of weight 3; texts beginning with `!` break whatever they are in. */
class SlowPool {
  readonly size = 1;
  readonly tasks: EncodeTask[] = [];
  #open: (() => void)[] = [];

  async encode(task: EncodeTask, signal?: AbortSignal): Promise<EncodedTask> {
    this.tasks.push(task);
    await new Promise<void>((resolve) => this.#open.push(resolve));
    signal?.throwIfAborted();
    if (task.texts.some((text) => text.startsWith('!'))) throw new Error(`broken by ${task.texts.join()}`);
    const sizes = Uint32Array.from(task.texts, (text) => text.length);
    const entries = task.texts.flatMap((text) => Array.from(text, () => text.length));
    return {
      sizes,
      ids: Uint32Array.from(entries.keys()),
      weights: Float32Array.from(entries),
      tokens: sizes,
      truncated: new Uint8Array(sizes.length),
    };
  }

  /** Lets the task at work be done, and what it started begin. */
  async step(): Promise<void> {
    this.#open.shift()?.();
    for (let i = 0; i < 20; i++) await Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function opened() {
  const pool = new SlowPool();
  const queue = new EncodeQueue(pool as unknown as ThreadPool);
  const encode = (text: string, signal?: AbortSignal, as: 'query' | 'document' = 'query') => {
    const done = queue.encode({ texts: [text], as }, signal).then(({ weights }) => [...weights]);
    done.catch(() => undefined);
    return done;
  };
  return { pool, queue, encode };
}

test('a task that is to be apart goes with no other, before or behind it', async () => {
  const { pool, queue, encode } = opened();
  const apart = (text: string) => queue.encode({ texts: [text], as: 'query', apart: true });
  const done = [encode('a'), encode('b'), apart('c'), encode('d'), apart('e')];
  for (let i = 0; i < 6; i++) await pool.step();
  await Promise.all(done);
  expect(pool.tasks.map(({ texts }) => texts)).toEqual([['a'], ['b', 'd'], ['c'], ['e']]);
});

test('what waits goes together, by role, and each caller gets its own', async () => {
  const { pool, encode } = opened();
  const first = encode('a');
  const waiting = [encode('bb'), encode('ccc'), encode('dddd', undefined, 'document'), encode('')];
  for (let i = 0; i < 3; i++) await pool.step();
  expect(await first).toEqual([1]);
  expect(await Promise.all(waiting)).toEqual([[2, 2], [3, 3, 3], [4, 4, 4, 4], []]);
  expect(pool.tasks.map(({ texts, as }) => [as, ...texts])).toEqual([
    ['query', 'a'],
    ['query', 'bb', 'ccc', ''],
    ['document', 'dddd'],
  ]);
});

test('a caller that leaves is answered at once, and its text is not encoded', async () => {
  const { pool, encode } = opened();
  const first = encode('a');
  const leaving = new AbortController();
  const left = encode('bb', leaving.signal);
  const stays = encode('ccc');
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  for (let i = 0; i < 2; i++) await pool.step();
  expect([await first, await stays]).toEqual([[1], [3, 3, 3]]);
  expect(pool.tasks.flatMap(({ texts }) => texts)).toEqual(['a', 'ccc']);
});

test('a caller that leaves in company takes nobody with it', async () => {
  const { pool, encode } = opened();
  const first = encode('a');
  const leaving = new AbortController();
  const left = encode('bb', leaving.signal);
  const stays = encode('ccc');
  await pool.step();
  await first;
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await pool.step();
  expect(await stays).toEqual([3, 3, 3]);
});

test('nobody fails for the text of another', async () => {
  const { pool, encode } = opened();
  const first = encode('a');
  const [fine, broken] = [encode('bb'), encode('!')];
  for (let i = 0; i < 4; i++) await pool.step();
  await first;
  expect(await fine).toEqual([2, 2]);
  await expect(broken).rejects.toThrow('broken by !');
});

test('a task is no larger than one task for its company', async () => {
  const { pool, queue, encode } = opened();
  const first = encode('a');
  const many = Array.from({ length: 25 }, (_, i) => String(i));
  const two = [queue.encode({ texts: many, as: 'query' }), queue.encode({ texts: many, as: 'query' })];
  const small = encode('b');
  for (let i = 0; i < 3; i++) await pool.step();
  await Promise.all([first, small, ...two]);
  expect(pool.tasks.map(({ texts }) => texts.length)).toEqual([1, 26, 25]);
});

test('closing refuses what waits', async () => {
  const { pool, queue, encode } = opened();
  const first = encode('a');
  const waiting = encode('b');
  const closed = queue[Symbol.asyncDispose]();
  await expect(waiting).rejects.toMatchObject({ code: 'ENCODER_CLOSED' });
  await pool.step();
  await Promise.all([first, closed]);
  await expect(encode('c')).rejects.toMatchObject({ code: 'ENCODER_CLOSED' });
});
