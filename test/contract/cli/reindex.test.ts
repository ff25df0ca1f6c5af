import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
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

  it('ends in order where whoever reads its output goes away, or its terminal', async () => {
    const source = freshName('source');
    const settings = { index: { number_of_replicas: 1, refresh_interval: '7s' } };
    await engine.createIndex(source, { settings, mappings: { properties: { text: { type: 'text' } } } });
    const ids = [...Array(20_000).keys()];
    const long = 'the cat sat on the mat by the river '.repeat(5);
    await engine.bulk(
      source,
      ids.map((i) => ({ kind: 'index', id: `d${i}`, source: { text: long, ...(i === 0 && { inner: [{}] }) } })),
    );
    const model = ['--model', await tinyCheckpoint(), '--workers', '1'];
    const env = { ...process.env, TERMWEAVE_URL: await url(), TERMWEAVE_HOME: folder };
    for (const [name, ends] of [
      ['closed', 141],
      ['hung-up', 130],
    ] as const) {
      const to = freshName(name);
      const letters = join(folder, `${name}.jsonl`);
      const words = ['reindex', source, '--to', to, '--text', 'text,inner', '--dead-letters', letters, '--json'];
      const child = spawn(process.execPath, ['bin/termweave.js', ...words, ...model], { env });
      const end = once(child, 'close');
      if (name === 'closed') child.stdout.destroy();
      else child.stdout.once('data', () => child.kill('SIGHUP'));
      expect((await end)[0]).toBe(ends);
      const { settings: found } = await engine.describeIndex(to);
      expect(found.index).toMatchObject({ number_of_replicas: '1', refresh_interval: '7s' });
      expect(await readFile(letters, 'utf8')).toContain('"d0"');
      expect((await readdir(folder)).filter((file) => file.endsWith('.partial'))).toEqual([]);
    }
  }, 120_000);
});
