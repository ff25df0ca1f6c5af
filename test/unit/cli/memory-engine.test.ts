import { buildProgram } from '../../../src/cli/main.js';
import { termweave } from '../../support/command-line.js';

describe('the engine in memory', () => {
  it.each([
    [['index', 'package.json', '--make-ids', '--index', 'books', '--text', 'name', '--url', 'memory:']],
    [['gateway', '--upstream', 'memory:']],
    [['dump', 'books', '--url', 'memory:']],
    [['reindex', 'books', '--to', 'copy', '--text', 'body', '--url', 'memory:']],
  ])('is refused where it would keep nothing: %j', async (words) => {
    const { exitCode, stdout, stderr } = await termweave(words);
    expect(stderr).toMatch(/found +one that is empty/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('is refused from the environment, too', async () => {
    const { exitCode, stderr } = await termweave(['search', 'books', 'fox'], { env: { TERMWEAVE_URL: 'memory:' } });
    expect(stderr).toMatch(/memory:/);
    expect(exitCode).toBe(2);
  });

  it('is offered by the commands that work in it, and by no other', () => {
    const offering = buildProgram().commands.filter((command) =>
      command.options.some(({ long, description }) => long === '--url' && description.includes('or memory:')),
    );
    expect(offering.map((command) => command.name()).sort()).toEqual(['eval', 'tune']);
  });
});
