import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeadLetterFile, DistinctDeadLetters, readDeadLetters } from '../../../src/ingest/dead-letters.js';

const refused = (id: string) => ({ id, status: 400, type: 'odd', reason: 'odd' });
const freshFile = async () => join(await mkdtemp(join(tmpdir(), 'termweave-letters-')), 'letters.jsonl');

async function written(path: string, ids: readonly string[], options: { aside?: boolean; settled?: boolean } = {}) {
  await using letters = new DeadLetterFile(path, options);
  await letters.put(ids.map(refused));
  if (options.settled !== false) await letters.settle();
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

  it('keeps what it holds until a run that takes it up has come to its end', async () => {
    const path = await freshFile();
    await written(path, ['a', 'b']);
    await written(path, ['b'], { aside: true, settled: false });
    expect(await readDeadLetters(path)).toEqual(['a', 'b']);
    await written(path, ['b'], { aside: true });
    expect(await readDeadLetters(path)).toEqual(['b']);
    expect(await readdir(join(path, '..'))).toEqual(['letters.jsonl']);
  });

  it('is refused where it is something else', async () => {
    await expect(readDeadLetters('package.json')).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  });

  it('gets a document once, however often it fails', async () => {
    const got: (string | undefined)[] = [];
    const to = { put: async (some: readonly { id?: string }[]) => void got.push(...some.map(({ id }) => id)) };
    const letters = new DistinctDeadLetters({ ...to, [Symbol.asyncDispose]: async () => {} });
    await letters.put([refused('a'), refused('b')]);
    await letters.put([refused('a'), { ...refused('a'), routing: 'r' }]);
    expect(got).toEqual(['a', 'b', 'a']);
    expect(letters.documents).toBe(3);
  });
});
