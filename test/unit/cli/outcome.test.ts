import { jest } from '@jest/globals';
import { Interrupted } from '../../../src/cli/interruption.js';
import { closingFailuresOf, failureOf, reportFailure } from '../../../src/cli/outcome.js';
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

  it('is told with what failed besides, while what was open was closed', async () => {
    const reason = new Interrupted();
    const full = Object.assign(new Error('ENOSPC: no space left'), {
      code: 'ENOSPC',
      errno: -28,
      syscall: 'rename',
      path: 'letters',
    });
    // What the compilers' helper for `await using` throws, which Node 20 has no class for.
    const thrown = Object.assign(new Error('closing'), { name: 'SuppressedError', error: full, suppressed: reason });
    expect(failureOf(thrown)).toBe(reason);
    expect(closingFailuresOf(thrown)).toEqual([expect.objectContaining({ code: 'FILE_SYSTEM' })]);
    expect(closingFailuresOf(reason)).toEqual([]);
  });

  it('is an index beside a file of vectors', async () => {
    const { exitCode, stderr } = await termweave(['stats', 'books', '--vectors', 'package.json']);
    expect(stderr).toMatch(/found +index books beside --vectors/);
    expect(exitCode).toBe(2);
  });
});
