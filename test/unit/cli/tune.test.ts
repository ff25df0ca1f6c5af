import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { termweave } from '../../support/command-line.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-tune-'));
  await mkdir(join(folder, 'qrels'));
  await writeFile(join(folder, 'corpus.jsonl'), '{"_id":"d1","title":"","text":"a fox"}\n');
  await writeFile(join(folder, 'queries.jsonl'), '{"_id":"q1","text":"fox"}\n{"_id":"q2","text":"owl"}\n');
  await writeFile(join(folder, 'qrels/test.tsv'), 'query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t1\n');
});

describe('termweave tune refuses before any candidate is run', () => {
  it.each<[string, string[], RegExp]>([
    ['more folds than queries', ['--folds', '3'], /2 queries/],
    ['one fold', ['--folds', '1'], /2 queries/],
    ['a place where nothing can be', ['--write', 'README.md/file.json'], /is a file, no folder/],
    ['two measures to choose by', ['--measure', 'nDCG@10,R@100'], /nDCG@10, R@100/],
    ['a configuration that is no JSON', ['--write', 'README.md'], /JSON/],
  ])('%s', async (_, options, found) => {
    const { exitCode, stderr } = await termweave(['tune', folder, '--url', 'memory:', '--json', ...options]);
    expect(exitCode).toBe(2);
    // The only thing that is said: no document was indexed, and nothing run.
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'OPTION_INVALID', found: expect.stringMatching(found) });
  });
});
