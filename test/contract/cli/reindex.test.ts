import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { termweave } from '../../support/command-line.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

onEveryEngine('termweave reindex', ({ url }) => {
  let engine: Engine;
  let folder: string;
  beforeAll(async () => {
    engine = await connect(await url());
    folder = await mkdtemp(join(tmpdir(), 'termweave-reindex-'));
  }, 120_000);
  afterAll(async () => {
    await engine?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('keeps the alias where documents fail, names the file that says why, and keeps one letter of each', async () => {
    const [source, to, alias] = [freshName('source'), freshName('copy'), freshName('alias')];
    await engine.createIndex(source, { mappings: { properties: { text: { type: 'text' } } } });
    await engine.bulk(source, [
      { kind: 'index', id: 'good', source: { text: 'the cat sat on the mat' } },
      { kind: 'index', id: 'odd', source: { text: 'the river', inner: [{ name: 'x' }] } },
    ]);
    const letters = join(folder, 'letters.jsonl');
    const words = ['--to', to, '--text', 'text,inner', '--alias', alias, '--dead-letters', letters];
    const model = ['--model', await tinyCheckpoint(), '--workers', '1'];
    const env = { TERMWEAVE_URL: await url(), TERMWEAVE_HOME: folder };
    for (let time = 0; time < 2; time++) {
      const { exitCode, stderr } = await termweave(['reindex', source, ...words, ...model], { env });
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/code +DOCUMENTS_FAILED/)]);
      expect(stderr).toContain(letters);
      const lines = (await readFile(letters, 'utf8')).trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ id: 'odd', type: 'not_text' }]);
    }
    await expect(engine.describeIndex(alias)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    const allowed = await termweave(['reindex', source, ...words, ...model, '--allow-failed'], { env });
    expect([allowed.exitCode, allowed.stderr]).toEqual([1, expect.stringContaining(letters)]);
    expect((await engine.describeIndex(alias)).name).toBe(to);
  });
});
