import { mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeadLetterFile,
  type DeadLetterFileOptions,
  holdsOtherThanLetters,
  readDeadLetters,
} from '../../../src/ingest/dead-letter-file.js';

const refused = (id: string) => ({ id, status: 400, type: 'odd', reason: 'odd' });
const freshFile = async () => join(await mkdtemp(join(tmpdir(), 'termweave-letters-')), 'letters.jsonl');

async function written(
  path: string,
  ids: readonly string[],
  { settled = true, ...options }: DeadLetterFileOptions & { settled?: boolean } = {},
) {
  await using letters = new DeadLetterFile(path, options);
  await letters.put(ids.map(refused));
  if (settled) await letters.settle();
}

describe('a file of dead letters', () => {
  it('is read back by id, each once', async () => {
    const path = await freshFile();
    await written(path, ['a', 'b', 'a']);
    expect(await readDeadLetters(path)).toEqual(['a', 'b']);
  });

  it('is gone after a run in which nothing failed', async () => {
    const path = await freshFile();
    await written(path, ['a']);
    await written(path, []);
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('keeps what another source left, through runs in which nothing failed and in which something did', async () => {
    const path = await freshFile();
    await written(path, ['a'], { source: 'one' });
    await written(path, [], { source: 'other' });
    await written(path, ['b'], { source: 'other' });
    expect((await readDeadLetters(path)).sort()).toEqual(['a', 'b']);
    await written(path, ['c'], { source: 'one' });
    expect((await readDeadLetters(path)).sort()).toEqual(['b', 'c']);
    expect(await readFile(path, 'utf8')).toContain('{"source":"other","id":"b"');
  });

  it('holds what each of many runs at the same time put into it', async () => {
    const path = await freshFile();
    const runs = Array.from({ length: 20 }, (_, i) => `run ${i}`);
    await Promise.all(runs.map((source) => written(path, [source], { source })));
    expect((await readDeadLetters(path)).sort()).toEqual([...runs].sort());
    expect(await readdir(join(path, '..'))).toEqual(['letters.jsonl']);
  });

  it('keeps what it holds until a run that takes it up has come to its end', async () => {
    const path = await freshFile();
    await written(path, ['a', 'b']);
    await written(path, ['b'], { settled: false });
    expect((await readDeadLetters(path)).sort()).toEqual(['a', 'b']);
    await written(path, ['b']);
    expect(await readDeadLetters(path)).toEqual(['b']);
    expect(await readdir(join(path, '..'))).toEqual(['letters.jsonl']);
  });

  it('loses the letters that a run took up, of whichever source, and no others', async () => {
    const path = await freshFile();
    await written(path, ['a', 'b', 'c'], { source: 'shop 1/2' });
    await written(path, ['b'], { source: 'shop', again: ['a', 'b'] });
    expect((await readDeadLetters(path)).sort()).toEqual(['b', 'c']);
  });

  it('adds the letters of a run that came to no end', async () => {
    const path = await freshFile();
    await written(path, ['a'], { settled: false });
    expect(await readDeadLetters(path)).toEqual(['a']);
  });

  it('is asked nothing of where nothing failed and none is there, also where none could be', async () => {
    const noFolder = await freshFile();
    await writeFile(noFolder, '{}');
    await written(join(noFolder, 'letters.jsonl'), []);
    await written(join(noFolder, 'letters.jsonl'), [], { settled: false });
    expect(await readdir(join(noFolder, '..'))).toEqual(['letters.jsonl']);
  });

  it('makes its folder once something failed', async () => {
    const path = join(await freshFile(), 'of/today.jsonl');
    await written(path, []);
    await expect(readdir(join(path, '..'))).rejects.toMatchObject({ code: 'ENOENT' });
    await written(path, ['a']);
    expect(await readDeadLetters(path)).toEqual(['a']);
  });

  it.each(['nowhere', 'letters.jsonl'])('takes the place of a link that leads nowhere (to %s)', async (target) => {
    const path = await freshFile();
    await symlink(target, path);
    await written(path, ['a']);
    await written(path, ['b'], { settled: false });
    expect(await readDeadLetters(path)).toEqual(['b', 'a']);
    expect(await readdir(join(path, '..'))).toEqual(['letters.jsonl']);
  });

  it('moves and removes nothing that is no file', async () => {
    await written('/dev/null', ['a']);
    await written('/dev/null', []);
    expect((await readdir('/dev')).filter((name) => name.startsWith('null'))).toEqual(['null']);
  });

  it('is refused where it is something else', async () => {
    await expect(readDeadLetters('package.json')).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  });
});

describe('a file that is to take dead letters', () => {
  it.each([
    ['letters', '{"status":400,"type":"odd","reason":"odd"}\n', false],
    ['nothing', '', false],
    ['a letter that breaks off', '{"source":"shop","id":"1","sta', false],
    ['a document that breaks off', '{"_id":"1","te', true],
    ['documents', '{"_id":"1","text":"fox"}\n', true],
    ['a list of them', '[{"_id":"1"}]', true],
    ['words', 'fox and dog\n', true],
  ])('holds %s', async (_, text, others) => {
    const path = await freshFile();
    await writeFile(path, text);
    expect(await holdsOtherThanLetters(path)).toBe(others);
  });

  it('need not be there, and may be a device, or a link that leads nowhere', async () => {
    const path = await freshFile();
    expect(await holdsOtherThanLetters(path)).toBe(false);
    expect(await holdsOtherThanLetters('/dev/null')).toBe(false);
    await symlink('nowhere', path);
    expect(await holdsOtherThanLetters(path)).toBe(false);
  });
});
