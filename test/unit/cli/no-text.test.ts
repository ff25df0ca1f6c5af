import { rm } from 'node:fs/promises';
import { termweave } from '../../support/command-line.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let model: string;
beforeAll(async () => {
  model = await tinyCheckpoint();
});
afterAll(() => rm(model, { recursive: true }));

const termsOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => Object.keys(JSON.parse(line).terms).length > 0);

describe('a text of nothing', () => {
  it.each([
    ['arguments', ['--json', '', ' ', 'cat'], ''],
    ['lines', ['--json'], '\n \ncat\n'],
    ['JSON lines', ['--jsonl'], '{"text":""}\n{"text":" "}\n{"text":"cat"}\n'],
  ])('has no terms: %s', async (_, words, input) => {
    const { exitCode, stdout } = await termweave(['encode', '--model', model, ...words], { input });
    expect({ exitCode, terms: termsOf(stdout) }).toEqual({ exitCode: 0, terms: [false, false, true] });
  });

  it('is not searched for', async () => {
    const { exitCode, stderr } = await termweave(['search', 'books', ' ', '--url', 'http://127.0.0.1:1']);
    expect(stderr).toMatch(/found +a text of nothing/);
    expect(exitCode).toBe(2);
  });
});
