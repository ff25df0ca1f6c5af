import { rm } from 'node:fs/promises';
import { termweave } from '../../support/command-line.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let model: string;
beforeAll(async () => {
  model = await tinyCheckpoint();
});
afterAll(() => rm(model, { recursive: true }));

const encode = (words: readonly string[], input = '') =>
  termweave(['encode', '--jsonl', '--model', model, ...words], { input });

it('does not pass over texts of the command line', async () => {
  const { exitCode, stdout, stderr } = await encode(['cat'], '{"text":"cat"}\n');
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/found +1 texts of the command line/);
});

it('reads a list of fields with blanks in it as `index` does, and no name of nothing', async () => {
  const { exitCode, stdout } = await encode(['--text', 'title, text'], '{"title":"cat","text":"the cat"}\n');
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { title: 'cat', terms: expect.anything() }]);
  const spaced = await encode(['--text', 'title, text'], '{"text":"the cat"}\n');
  expect([spaced.exitCode, JSON.parse(spaced.stdout)]).toMatchObject([0, { terms: expect.anything() }]);
  expect(await encode(['--text', ''])).toMatchObject({ exitCode: 2, stdout: '' });
});
