import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { termweave } from '../../support/command-line.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

/** The first is no float64: the nearest is the second. */
const [ACCOUNT, NEIGHBOUR] = ['9007199254740993', '9007199254740992'];

// One version of each client is enough: how numbers are read and written does not depend on the server's.
onEveryEngine(
  'numbers of 64 bits on the command line',
  ({ url }) => {
    const index = freshName('accounts');
    let folder: string;
    let common: string[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'termweave-accounts-'));
      common = ['--url', await url(), '--model', await tinyCheckpoint()];
      const lines = [ACCOUNT, NEIGHBOUR].map((account) => `{"_id":"${account}","text":"fox","account":${account}}\n`);
      await writeFile(join(folder, 'accounts.jsonl'), lines.join(''));
      const { exitCode, stderr } = await termweave([
        'index',
        join(folder, 'accounts.jsonl'),
        '--index',
        index,
        ...common,
      ]);
      if (exitCode !== 0) throw new Error(stderr);
    }, 120_000);
    afterAll(async () => {
      await fetch(`${await url()}/${index}`, { method: 'DELETE' });
      await rm(folder, { recursive: true });
    });

    it('are filtered by, and printed, as they are', async () => {
      const filter = `{"term":{"account":${ACCOUNT}}}`;
      const found = await termweave(['search', index, 'fox', '--filter', filter, '--json', ...common]);
      expect(JSON.parse(found.stdout).hits.map(({ id }: { id: string }) => id)).toEqual([ACCOUNT]);
      expect(found.stdout).toContain(`"account":${ACCOUNT}`);
      const dumped = await termweave(['dump', index, '--query', filter, ...common.slice(0, 2)]);
      expect(dumped.stdout.trimEnd().split('\n')).toEqual([expect.stringContaining(`"account":${ACCOUNT}`)]);
    });

    it('are what a copy is made of, and is kept to by sync, by the same command again', async () => {
      const copy = freshName('account');
      const options = ['--text', 'text', '--json', ...common];
      const words = ['reindex', index, '--to', copy, '--query', `{"term":{"account":${ACCOUNT}}}`, ...options];
      const ends = [];
      for (const run of [words, words]) ends.push(JSON.parse((await termweave(run)).stdout.trim().split('\n').at(-1)!));
      expect(ends).toEqual([1, 2].map(() => expect.objectContaining({ done: true, documents: 1, failed: 0 })));
      const synchronised = await termweave(['sync', index, '--to', copy, '--json', ...common]);
      expect(JSON.parse(synchronised.stdout.trim().split('\n').at(-1)!)).toMatchObject({ deleted: 0, unchanged: 1 });
      await fetch(`${await url()}/${copy}`, { method: 'DELETE' });
    }, 60_000);

    it('are filtered by in both requests of a search in two phases', async () => {
      const filter = `{"term":{"account":${ACCOUNT}}}`;
      const words = ['search', index, 'fox', '--filter', filter, '--two-phase', '--one-request', '--json', ...common];
      const { hits } = JSON.parse((await termweave(words)).stdout);
      expect(hits.map(({ id }: { id: string }) => id)).toEqual([ACCOUNT]);
    });

    it('stay what they are in a body that is translated, and so does the form of the others', async () => {
      const kept = `{"range":{"account":{"gte":${ACCOUNT},"boost":1.0}}}`;
      const body = `{"query":{"bool":{"must":{"match":{"text":"fox"}},"filter":${kept}}}}`;
      const words = ['translate', '--index', index, ...common];
      expect((await termweave(words, { input: body })).stdout).toContain(kept);
      expect((await termweave([...words, '--diff'], { input: body })).stdout).toContain(`  "gte": ${ACCOUNT},`);
    });
  },
  ({ version }) => !version.startsWith('7.'),
);
