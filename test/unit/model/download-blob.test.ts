import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { downloadBlob } from '../../../src/model/download-blob.js';
import { type FakeHubOptions, fakeHub, gitSha1 } from '../../support/fake-hub.js';

const CONTENTS = Buffer.from('weights of a model, '.repeat(5000));
const HASH = gitSha1(CONTENTS);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A hub with one file, and the file as it is asked for. */
async function published(options: FakeHubOptions = {}) {
  const hub = await fakeHub({ weights: CONTENTS }, options);
  const url = `${hub.url}/owner/model/resolve/${hub.commit}/weights`;
  const file = { url, blob: join(folder, HASH), size: CONTENTS.length, name: 'weights' };
  const ranges = () => hub.asked.map((asked) => Number(asked.split(' from ')[1] ?? 0));
  return { file, ranges, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

/** What a process that is no more left behind. */
async function left(contents: Buffer, { secondsAgo = 3600, name = 'termweave-gone' } = {}) {
  const part = join(folder, `${HASH}.${name}.incomplete`);
  await mkdir(folder, { recursive: true });
  await writeFile(part, contents);
  const then = Date.now() / 1000 - secondsAgo;
  await utimes(part, then, then);
  return part;
}

async function expectWhole() {
  expect(await readdir(folder)).toEqual([HASH]);
  expect((await readFile(join(folder, HASH))).equals(CONTENTS)).toBe(true);
}

test('processes that download the same file at once do not disturb each other', async () => {
  await using hub = await published({ pause: 20 });
  const first = downloadBlob(hub.file, {});
  await wait(70);
  await Promise.all([first, downloadBlob(hub.file, {})]);
  await expectWhole();
});

test('a download that was broken off goes on where it stopped', async () => {
  await using hub = await published({ pause: 20 });
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => {
    if (done > CONTENTS.length / 2) controller.abort();
  };
  await expect(downloadBlob(hub.file, { signal: controller.signal, onProgress })).rejects.toThrow(/abort/);
  await downloadBlob(hub.file, {});
  const [, second] = hub.ranges();
  expect(second).toBeGreaterThan(0);
  await expectWhole();
});

test('so does one whose process was killed, once nobody writes to it any more', async () => {
  await using hub = await published();
  await left(CONTENTS.subarray(0, 1000));
  await downloadBlob(hub.file, {});
  expect(hub.ranges()).toEqual([1000]);
  await expectWhole();
});

test('a download that was taken for an abandoned one is begun once more', async () => {
  await using hub = await published({ pause: 20 });
  const robbed = downloadBlob(hub.file, {});
  await wait(70);
  for (const part of await readdir(folder)) await rm(join(folder, part));
  await robbed;
  await expectWhole();
});

test('what another process is writing, or another program has, is left alone', async () => {
  await using hub = await published();
  const written = await left(CONTENTS.subarray(0, 1000), { secondsAgo: 1 });
  const foreign = await left(CONTENTS.subarray(0, 1000), { name: '0a1b2c3d' });
  await downloadBlob(hub.file, {});
  expect(hub.ranges()).toEqual([0]);
  for (const part of [written, foreign]) expect((await readFile(part)).length).toBe(1000);
});

test.each([
  ['longer than the file', Buffer.concat([CONTENTS, CONTENTS]), [0]],
  ['of other contents', Buffer.alloc(1000), [1000, 0]],
  ['of other contents, as long as the file', Buffer.alloc(CONTENTS.length), [0]],
  ['whole', CONTENTS, []],
])('a part that is %s', async (_, part, asked) => {
  await using hub = await published();
  await left(part);
  await downloadBlob(hub.file, {});
  expect(hub.ranges()).toEqual(asked);
  await expectWhole();
});

test('a file that is shorter at the hub than the hub says is refused, and not kept', async () => {
  await using hub = await published({ sent: (_, contents) => contents.subarray(0, 500) });
  await left(CONTENTS.subarray(0, 1000));
  await expect(downloadBlob(hub.file, {})).rejects.toMatchObject({ code: 'MODEL_FILE_BROKEN' });
  expect(await readdir(folder)).toEqual([]);
});

test('a file without contents is a file', async () => {
  await using hub = await fakeHub({ empty: '' });
  const blob = join(folder, gitSha1(Buffer.alloc(0)));
  await downloadBlob({ url: `${hub.url}/owner/model/resolve/${hub.commit}/empty`, blob, size: 0, name: 'empty' }, {});
  expect(await readFile(blob, 'utf8')).toBe('');
});
