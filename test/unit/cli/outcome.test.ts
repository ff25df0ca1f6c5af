import { jest } from '@jest/globals';
import { Interrupted } from '../../../src/cli/interruption.js';
import { reportFailure } from '../../../src/cli/outcome.js';
import { AmbiguousIndex } from '../../../src/engine/engine-faults.js';
import { termweave } from '../../support/command-line.js';

describe('a failure', () => {
  const told = (thrown: unknown) => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    reportFailure(thrown, true);
    const text = write.mock.calls.join('');
    write.mockRestore();
    return JSON.parse(text).error;
  };

  it('is one JSON value with --json, an interruption too', () => {
    expect(told(new Interrupted())).toMatchObject({ code: 'INTERRUPTED' });
    expect(told(new AmbiguousIndex('a', ['b', 'c']))).toMatchObject({ index: 'a', indices: ['b', 'c'] });
  });

  it('is an index beside a file of vectors', async () => {
    const { exitCode, stderr } = await termweave(['stats', 'books', '--vectors', 'package.json']);
    expect(stderr).toMatch(/found +index books beside --vectors/);
    expect(exitCode).toBe(2);
  });
});
