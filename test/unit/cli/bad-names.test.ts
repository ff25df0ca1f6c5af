import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { termweave } from '../../support/command-line.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let folder: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-names-'));
  model = await tinyCheckpoint();
  await writeFile(join(folder, 'nothing.jsonl'), '\n');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(model, { recursive: true });
});

const run = (...args: string[]) => termweave(args, { env: { TERMWEAVE_HOME: folder } });
const faultOf = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await run(...args, '--json');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  return JSON.parse(stderr).error;
};

it('a model to explore that is none is refused before the page is served, with the name that may be meant', async () => {
  const fault = await faultOf('explore', '--model', model, '--models', 'splade-tniy');
  expect(fault).toMatchObject({ code: 'MODEL_NOT_FOUND', found: expect.stringMatching(/did you mean splade-tiny\?/) });
});

it.each([
  [['eval', '.', '--systems', 'spalde'], /did you mean splade\?/],
  [['eval', '.', '--measures', 'MAP'], /did you mean AP\?/],
])('%j says what may be meant', async (args, found) => {
  expect(await faultOf(...args)).toMatchObject({ found: expect.stringMatching(found) });
});

it('queries to verify with are read before an engine is asked', async () => {
  const fault = await faultOf(
    'verify',
    'books',
    '--url',
    'http://127.0.0.1:1',
    '--queries',
    join(folder, 'nothing.jsonl'),
  );
  expect(fault).toMatchObject({ code: 'OPTION_INVALID', found: expect.stringMatching(/empty/) });
});

it('a file of no vectors has no statistics', async () => {
  expect(await faultOf('stats', '--vectors', join(folder, 'nothing.jsonl'))).toMatchObject({
    code: 'EVALUATION_FILE_BROKEN',
    found: expect.stringMatching(/not a single vector/),
  });
  expect(await faultOf('stats', '--vectors', 'x.jsonl', '--texts')).toMatchObject({ code: 'USAGE_WRONG' });
});

it('a version of a sandbox without its engine takes nothing down', async () => {
  expect(await faultOf('sandbox', 'down', '--version', '3.8.0')).toMatchObject({ found: 'no engine' });
});

it('mapping takes --prune, as every other command does', async () => {
  const { stdout } = await run('mapping', '--engine', 'opensearch@3', '--model', model, '--prune', 'topK(64)');
  expect(JSON.parse(stdout)).toMatchObject({
    mappings: { _meta: { termweave: { vectors: { splade: { pruning: 'topK(64)' } } } } },
  });
});

it('a split says nothing beside judgements from elsewhere', async () => {
  const fault = await faultOf('eval', '.', '--qrels', 'clicks.tsv', '--split', 'dev');
  expect(fault).toMatchObject({ code: 'USAGE_WRONG', found: expect.stringMatching(/--qrels.*--split/) });
});
