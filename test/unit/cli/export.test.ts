import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { termweave } from '../../support/command-line.js';
import { inFreshFolder } from '../../support/token-vectors.js';

const DOCUMENTS = '{"id":"d1","terms":{"2020":1.5,"|":0.004,"a":2}}\n{"id":"d2","terms":{"a":1}}\n';
const QUERIES = '{"id":"q1","terms":{"a":0.5,"2020":1}}\n';

/** Files and a folder for a run of the command. */
function inFiles<T>(
  documents: string,
  use: (paths: { from: string; queries: string; out: string; back: string }) => Promise<T>,
) {
  return inFreshFolder(async (folder) => {
    const paths = { from: 'd.jsonl', queries: 'q.jsonl', out: 'out', back: 'back' };
    const [from, queries, out, back] = Object.values(paths).map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    await writeFile(from, documents);
    await writeFile(queries, QUERIES);
    return use({ from, queries, out, back });
  });
}

describe('termweave export and import', () => {
  it('take the advice to leave out broken lines in the folder of the try that gave it', async () => {
    await inFiles(`${DOCUMENTS}nope\n`, async ({ from, out }) => {
      const args = ['export', 'anserini', '--from', from, '--out', out];
      const refused = await termweave(args);
      expect(refused.stderr).toMatch(/--skip-broken/);
      expect(refused.exitCode).toBe(2);
      expect(await termweave([...args, '--skip-broken'])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/line 3/),
      });
      expect(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))).toMatchObject({
        documents: 2,
        refused: 1,
      });
    });
  });

  it('call a file that is not there a file', async () => {
    const env = { TERMWEAVE_URL: '' };
    const { exitCode, stderr } = await termweave(['export', 'anserini', '--from', 'nofile.jsonl', '--out', 'nowhere'], {
      env,
    });
    expect(stderr).toMatch(/nofile\.jsonl\nfound +no such file/);
    expect(exitCode).toBe(2);
  });

  it('say what was written and what it cost, and bring it back', async () => {
    await inFiles(DOCUMENTS, async ({ from, queries, out, back }) => {
      const exported = await termweave([
        'export',
        'anserini',
        '--from',
        from,
        '--queries',
        queries,
        '--out',
        out,
        '--json',
      ]);
      expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
      const report = JSON.parse(exported.stdout);
      expect(report).toMatchObject({
        documents: 2,
        queries: 1,
        loss: { quantisation: 'scale(100)', documents: { zeros: 1 } },
      });
      expect(report.files).toEqual(['documents/part-00000.jsonl', 'queries.tsv', 'queries.jsonl', 'manifest.json']);
      expect(await readFile(join(out, 'queries.tsv'), 'utf8')).toBe(
        `q1\t${'a '.repeat(50)}${'2020 '.repeat(100).trimEnd()}\n`,
      );

      const imported = await termweave(['import', 'anserini', '--from', out, '--out', back, '--json']);
      expect(JSON.parse(imported.stdout)).toMatchObject({ documents: 2, queries: 1 });
      const expected = '{"id":"d1","terms":{"2020":150,"a":200}}\n{"id":"d2","terms":{"a":100}}\n';
      expect(await readFile(join(back, 'documents.jsonl'), 'utf8')).toBe(expected);
    });
  });

  it('take a manifest.json of somebody else for what it is', async () => {
    await inFiles(DOCUMENTS, async ({ from, out, back }) => {
      for (const [i, manifest] of ['{"name":"not ours"}', 'no JSON', '{"origin":1,"loss":null}'].entries()) {
        await termweave(['export', 'anserini', '--from', from, '--out', `${out}${i}`]);
        await writeFile(join(`${out}${i}`, 'manifest.json'), manifest);
        expect(await termweave(['import', 'anserini', '--from', `${out}${i}`, '--out', `${back}${i}`])).toMatchObject({
          exitCode: 0,
        });
      }
    });
  });

  it('write a manifest whose checksums are those of the files', async () => {
    await inFiles(DOCUMENTS, async ({ from, out }) => {
      await termweave(['export', 'lucene', '--from', from, '--out', out, '--compress', 'gzip']);
      const { files } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
      expect(files.map(({ path }: { path: string }) => path)).toEqual([
        'documents/part-00000.jsonl.gz',
        'opensearch-index.json',
      ]);
      for (const { path, sha256, bytes } of files) {
        const content = await readFile(join(out, path));
        expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
      }
    });
  });

  it('name a broken line and end with 2; or leave it out, count it, and end with 1', async () => {
    await inFiles(`${DOCUMENTS}{"id":"d3","terms":{"a":-1}}\n`, async ({ from, out, back }) => {
      const stopped = await termweave(['export', 'ciff', '--from', from, '--out', out, '--json']);
      expect(stopped.exitCode).toBe(2);
      expect(JSON.parse(stopped.stderr).error).toMatchObject({ code: 'LINE_BROKEN', line: 3 });
      const skipped = await termweave(['export', 'ciff', '--from', from, '--out', back, '--skip-broken', '--json']);
      expect(skipped).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`line 3 of ${from}`) });
      expect(JSON.parse(skipped.stdout)).toMatchObject({ documents: 2, broken: 1 });
    });
  });

  it.each([
    [['export', 'word', '--from', 'x', '--out', 'y'], 'FORMAT_UNKNOWN'],
    [['export', 'vespa', '--from', 'x', '--out', 'y', '--quantise', 'x100'], 'QUANTISATION_INVALID'],
    [['import', 'ciff', '--from', '/nowhere', '--out', join('/tmp', 'never-made')], 'FILE_BROKEN'],
  ])('refuse %j with a code and what to do', async (args, code) => {
    await inFreshFolder(async (folder) => {
      const placed = args.map((argument) => (argument === '/tmp/never-made' ? join(folder, 'out') : argument));
      const { exitCode, stderr } = await termweave([...placed, '--json']);
      expect(exitCode).toBe(2);
      expect(JSON.parse(stderr).error).toMatchObject({ code, remedy: expect.stringMatching(/\w/) });
    });
  });
});
