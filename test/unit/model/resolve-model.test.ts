import { mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pullModel, resolveModel } from '../../../src/model/resolve-model.js';
import { fakeHub, gitSha1 } from '../../support/fake-hub.js';

const FILES = {
  'README.md': 'a model',
  'config.json': '{"model_type": "bert"}',
  'modules.json': '[]',
  '1_SpladePooling/config.json': '{"pooling_strategy": "max"}',
  'model.safetensors': 'weights',
};
const MODEL_FILES = ['1_SpladePooling/config.json', 'config.json', 'model.safetensors', 'modules.json'];

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'termweave-hub-'));
});
afterEach(() => rm(cache, { recursive: true }));

const inRepository = (...parts: string[]) => join(cache, 'models--owner--model', ...parts);
const access = (hub: { readonly url: string }, offline = false) => ({
  hub: { endpoint: hub.url, cache, offline },
});

async function write(path: string, contents: string) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}

/** What huggingface_hub leaves for a program that asked for one file; with `listed`, for one that asked for all and was stopped. */
async function partlyFetched(commit: string, { listed = false } = {}) {
  await write(inRepository('refs', 'main'), commit);
  await write(inRepository('snapshots', commit, 'config.json'), FILES['config.json']);
  const files = Object.fromEntries(
    Object.entries(FILES).map(([path, text]) => [path, { size: text.length, blob_id: gitSha1(Buffer.from(text)) }]),
  );
  if (listed) await write(inRepository('trees', `${commit}.json`), JSON.stringify({ format_version: 1, files }));
}

async function expectWhole(folder: string) {
  const files = (await readdir(folder, { recursive: true })).filter((path) => /\.(json|safetensors)$/.test(path));
  expect(files.sort()).toEqual(MODEL_FILES);
  for (const path of MODEL_FILES) {
    expect(await readFile(join(folder, path), 'utf8')).toBe(FILES[path as keyof typeof FILES]);
  }
}

test('a model is fetched once, and then found without the hub', async () => {
  await using hub = await fakeHub(FILES);
  const { folder, source } = await resolveModel('owner/model', access(hub));
  expect(source).toBe('hub');
  await expectWhole(folder);
  const asked = hub.asked.length;
  expect((await resolveModel('owner/model', access(hub))).folder).toBe(folder);
  expect((await resolveModel('owner/model', access(hub, true))).folder).toBe(folder);
  expect(hub.asked.length).toBe(asked);
});

test.each([false, true])(
  'what another program has fetched in part is completed (list of files there: %s)',
  async (listed) => {
    await using hub = await fakeHub(FILES);
    await partlyFetched(hub.commit, { listed });
    await expectWhole((await resolveModel('owner/model', access(hub))).folder);
  },
);

test.each([false, true])('offline, it is refused: never half a model (list of files there: %s)', async (listed) => {
  await using hub = await fakeHub(FILES);
  await partlyFetched(hub.commit, { listed });
  await expect(resolveModel('owner/model', access(hub, true))).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    found: expect.stringContaining(inRepository('snapshots', hub.commit)),
  });
  expect(hub.asked).toEqual([]);
});

test('what another program has fetched whole is taken', async () => {
  await using hub = await fakeHub(FILES);
  await partlyFetched(hub.commit, { listed: true });
  for (const path of MODEL_FILES) {
    await write(inRepository('snapshots', hub.commit, path), FILES[path as keyof typeof FILES]);
  }
  await expectWhole((await resolveModel('owner/model', access(hub, true))).folder);
  expect(hub.asked).toEqual([]);
});

test('a commit that was begun is completed, though the hub has a newer one; pulling takes that', async () => {
  await using hub = await fakeHub(FILES);
  const { folder } = await resolveModel('owner/model', access(hub));
  await unlink(join(folder, 'modules.json'));
  const begun = hub.commit;
  expect((await resolveModel('owner/model', access(hub))).folder).toContain(begun);
  await expectWhole(folder);
  hub.commit = '2'.repeat(40);
  expect((await resolveModel('owner/model', access(hub))).folder).toBe(folder);
  const pulled = (await pullModel('owner/model', access(hub))).folder;
  expect(pulled).toBe(inRepository('snapshots', hub.commit));
  await expectWhole(pulled);
  expect((await resolveModel('owner/model', access(hub, true))).folder).toBe(pulled);
});

test('pulling replaces a file whose contents have gone bad', async () => {
  await using hub = await fakeHub(FILES);
  const { folder } = await resolveModel('owner/model', access(hub));
  await writeFile(join(folder, 'model.safetensors'), 'wEIGHTS');
  await pullModel('owner/model', access(hub));
  await expectWhole(folder);
});

test('a commit that the hub has no more is said to be that', async () => {
  await using hub = await fakeHub(FILES);
  await partlyFetched('3'.repeat(40));
  await expect(resolveModel('owner/model', access(hub))).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    found: expect.stringContaining('3'.repeat(40)),
    remedy: expect.stringContaining('model pull'),
  });
  await expectWhole((await pullModel('owner/model', access(hub))).folder);
});
