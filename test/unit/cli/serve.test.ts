import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { termweave } from '../../support/command-line.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let model: string;
beforeAll(async () => {
  model = await tinyCheckpoint();
});
afterAll(() => rm(model, { recursive: true }));

it.each([
  ['a model of no name', ['--model', 'splade-tiny,'], {}, /found +a name of nothing/],
  ['a token of two words', [], { TERMWEAVE_SERVICE_TOKEN: 'two words' }, /found +blanks or several lines/],
])('refuses %s, and says so', async (_what, words, env, said) => {
  const { exitCode, stdout, stderr } = await termweave(['serve', '--port', '0', ...words], { env });
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(said);
});

it('loads a model that is named twice once, and ends by SIGTERM', async () => {
  const words = ['serve', '--port', '0', '--model', `${model}, ${model}`, '--workers', '1', '--json'];
  const child: ChildProcess = spawn(process.execPath, ['bin/termweave.js', ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const { url, model: name } = JSON.parse(line);
  const info = await (await fetch(`${url}/info`)).json();
  expect(info).toMatchObject({ model_id: name, models: [name] });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
