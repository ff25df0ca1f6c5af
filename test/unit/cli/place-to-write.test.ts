import { mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSystemFault } from '../../../src/cli/file-system-fault.js';
import { ExitCode, exitCodeOf, failureOf } from '../../../src/cli/outcome.js';
import { mustTakeFile, mustTakeFolder } from '../../../src/cli/place-to-write.js';
import { termweave } from '../../support/command-line.js';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-places-'));
  file = join(folder, 'vectors.jsonl');
  await writeFile(file, '{"id":"d1","terms":{"a":1}}\n');
});
afterAll(() => rm(folder, { recursive: true }));

const thrownBy = (run: () => Promise<unknown>) =>
  run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe('an error of the file system', () => {
  it('is told by what was asked, what was found and what to do', async () => {
    const failure = failureOf(await thrownBy(() => mkdir(join(file, 'x')))) as FileSystemFault;
    expect(failure).toMatchObject({
      code: 'FILE_SYSTEM',
      reason: 'ENOTDIR',
      asked: `mkdir ${join(file, 'x')}`,
      found: expect.stringContaining('a file on the way'),
      remedy: expect.stringContaining('path'),
    });
    expect(exitCodeOf(failure)).toBe(ExitCode.input);
  });

  it('is what stands outside where the disk is full', async () => {
    await using full = await open('/dev/full', 'w');
    const failure = failureOf(await thrownBy(() => full.writeFile('x')));
    expect(failure).toMatchObject({ reason: 'ENOSPC', found: expect.stringContaining('no space') });
    expect(exitCodeOf(failure)).toBe(ExitCode.environment);
  });

  it('is none where no system call failed, or one of the network', () => {
    expect(FileSystemFault.of(new Error('ENOSPC'))).toBeUndefined();
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' });
    expect(failureOf(refused)).toBe(refused);
  });

  it('does not hide the failure before it', async () => {
    const suppressed = new Error('first');
    // As `await using` throws where closing fails, too.
    const both = Object.assign(new Error(), { name: 'SuppressedError', error: new Error('second'), suppressed });
    expect(failureOf(both)).toBe(suppressed);
  });
});

describe('a place to write', () => {
  const beside = { beside: true };

  it('is taken where it can be made, be it a device', async () => {
    await mustTakeFile(join(folder, 'new/folder/d.jsonl'), '--to', beside);
    await mustTakeFile(file, '--to', beside);
    await mustTakeFile('/dev/null', '--to', beside);
    await mustTakeFolder(join(folder, 'new/folder'), '--out');
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling'));
    await mustTakeFile(join(folder, 'dangling'), '--to', beside);
  });

  it.each([
    ['a folder for a file', () => mustTakeFile(folder, '--to', beside), 'a folder'],
    ['a file beneath a file', () => mustTakeFile(join(file, 'a/b'), '--to', beside), 'is a file, no folder'],
    ['a file for a folder', () => mustTakeFolder(file, '--to'), 'is a file, no folder'],
  ])('is refused: %s', async (_, take, found) => {
    expect(await thrownBy(take)).toMatchObject({
      code: 'OPTION_INVALID',
      found: expect.stringContaining(found),
      remedy: expect.stringContaining('--to'),
    });
  });

  it.each([
    [['export', 'anserini', '--from', 'FILE', '--out', 'FILE']],
    [['export', 'anserini', '--from', 'FILE', '--out', 'FILE/x']],
    [['import', 'terms', '--from', 'FILE', '--out', 'FILE']],
    [['dump', 'books', '--url', 'http://127.0.0.1:9', '--to', 'FILE/x']],
    [['dump', 'books', '--url', 'http://127.0.0.1:9', '--to', 'FOLDER']],
    [['index', 'FILE', '--index', 'books', '--dead-letters', 'FILE/x']],
    [['reindex', 'books', '--to', 'copy', '--url', 'http://127.0.0.1:9', '--dead-letters', 'FOLDER']],
    [['sync', 'books', '--to', 'copy', '--url', 'http://127.0.0.1:9', '--dead-letters', 'FILE/x']],
    [['eval', 'FOLDER', '--url', 'memory:', '--run-dir', 'FILE/x']],
    [['eval', 'FOLDER', '--url', 'memory:', '--html', 'FILE/x']],
    [['tune', 'FOLDER', '--url', 'memory:', '--write', 'FILE/x']],
    [['tune', 'FOLDER', '--url', 'memory:', '--write', 'FOLDER']],
  ])('is refused before the work: %j', async (words) => {
    const args = words.map((word) => word.replace('FILE', file).replace('FOLDER', folder));
    const { exitCode, stdout, stderr } = await termweave([...args, '--json']);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'OPTION_INVALID', asked: expect.stringMatching(/^write /) });
    expect({ exitCode, stdout }).toEqual({ exitCode: ExitCode.input, stdout: '' });
    expect(await readFile(file, 'utf8')).toContain('d1');
  });
});
