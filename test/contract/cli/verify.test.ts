import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { termweave } from '../../support/command-line.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

onEveryEngine('what an index is asked of by the command line', ({ url }) => {
  let engine: Engine;
  let folder: string;
  let model: string;
  beforeAll(async () => {
    engine = await connect(await url());
    folder = await mkdtemp(join(tmpdir(), 'termweave-verify-'));
    model = await tinyCheckpoint();
  }, 120_000);
  afterAll(async () => {
    await engine?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
    await rm(model, { recursive: true });
  });

  const run = async (words: readonly string[], input = '') =>
    termweave(words, { env: { TERMWEAVE_URL: await url(), TERMWEAVE_HOME: folder }, input });

  it('of an empty copy of an empty source there is nothing to verify, says reindex, and so says verify', async () => {
    const [source, to, alias] = [freshName('source'), freshName('copy'), freshName('alias')];
    await engine.createIndex(source, { mappings: { properties: { text: { type: 'text' } } } });
    const words = ['reindex', source, '--to', to, '--text', 'text', '--model', model, '--workers', '1'];
    const told = await run([...words, '--alias', alias]);
    expect(told.stdout).toMatch(/nothing to verify: no documents; alias .* moved/);
    const copied = await run([...words, '--json']);
    expect(JSON.parse(copied.stdout.trim().split('\n').at(-1)!)).toMatchObject({ verified: true, scores: 0 });
    const verified = await run(['verify', alias, '--model', model, '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ verified: true, reason: 'the index has no documents' });
    const said = await run(['verify', alias, '--model', model]);
    expect([said.exitCode, said.stdout]).toEqual([0, expect.stringMatching(/splade: nothing to verify/)]);
    await engine.deleteIndex(source);
    await engine.deleteIndex(to);
  }, 120_000);

  it('of several fields the one that nothing is shown of is named', async () => {
    const index = freshName('fields');
    const lines = ['the cat', 'a search engine'].map((body, i) => JSON.stringify({ _id: `d${i}`, title: '', body }));
    const words = ['index', '-', '--index', index, '--text', 'title,body', '--per-field', '--model', model];
    expect((await run([...words, '--dead-letters', join(folder, 'letters')], lines.join('\n'))).exitCode).toBe(0);
    const { exitCode, stdout } = await run(['verify', index, '--model', model]);
    expect(stdout).toMatch(/splade_title: nothing to compare: no document looked at has text in title/);
    expect(stdout).toMatch(/splade_body: verified: [1-9]/);
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/not verified: splade_title\n$/)]);
    const { fields, verified } = JSON.parse((await run(['verify', index, '--model', model, '--json'])).stdout);
    expect([verified, ...fields.map((one: { verified: boolean }) => one.verified).sort()]).toEqual([
      false,
      false,
      true,
    ]);

    const queries = join(folder, 'queries.txt');
    await writeFile(queries, 'cat\nriver\n');
    const stats = ['stats', index, '--field', 'splade_body', '--model', model, '--json'];
    const flops = async (...more: string[]) => JSON.parse((await run([...stats, ...more])).stdout).flops;
    expect(await flops()).not.toBe(await flops('--queries', queries));

    const like = await run(['mapping', '--like', index, '--text', 'splade_body', '--model', model]);
    expect([like.exitCode, like.stderr]).toEqual([2, expect.stringMatching(/FIELDS_UNKNOWN/)]);
    expect(like.stderr).toMatch(/the fields there are: (title, body|body, title)$/m);
    await engine.deleteIndex(index);
  }, 120_000);
});

onEveryEngine(
  'an engine without connectors',
  ({ url }) => {
    it('is taken for no OpenSearch', async () => {
      const words = ['disconnect', 'opensearch', '--index', 'books', '--url', await url()];
      const { exitCode, stdout, stderr } = await termweave(words);
      expect(stderr).toMatch(/an engine without any: elasticsearch [\s\S]*NO_CONNECTORS/);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    }, 120_000);
  },
  ({ engine }) => engine === 'elasticsearch',
);
