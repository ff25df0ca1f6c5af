import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dialectForNewField } from '../../../src/dialect/choose-dialect.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

/** How often the command is killed on each engine. The long trial is `TERMWEAVE_TEST_KILLS=20`. */
const KILLS = Number(process.env.TERMWEAVE_TEST_KILLS ?? 1);
const DOCUMENTS = 900;
const WORDS = ['the', 'cat', 'sat', 'on', 'mat', 'search', 'engine', 'river'];
const PROGRAM = resolve('bin/termweave.js');

if (KILLS < 20) {
  process.stderr.write(`reindex is killed ${KILLS} time(s) an engine; TERMWEAVE_TEST_KILLS=20 runs the long trial\n`);
}

onEveryEngine('reindex, killed', ({ url }) => {
  let engine: Engine;
  let folder: string;
  let model: string;
  let source: string;
  let undisturbed: { copy: string; ms: number };

  beforeAll(async () => {
    engine = await connect(await url());
    folder = await mkdtemp(join(tmpdir(), 'termweave-killed-'));
    model = await tinyCheckpoint();
    source = await filled(engine);
    const began = performance.now();
    const copy = freshName('calm');
    expect(await run(copy)).toBe(0);
    undisturbed = { copy, ms: performance.now() - began };
  }, 240_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  /** The exit code of the command, or the signal that ended it. */
  async function run(to: string, killAfterMs?: number): Promise<number | string> {
    const args = ['reindex', source, '--to', to, '--text', 'text', '--json', '--model', model, '--workers', '1'];
    const env = { ...process.env, TERMWEAVE_URL: await url(), TERMWEAVE_HOME: folder };
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env, stdio: 'ignore' });
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    return new Promise((done) => {
      child.on('exit', (code, signal) => {
        clearTimeout(timer);
        done(signal ?? code!);
      });
    });
  }

  it('at random moments, goes on and gives the undisturbed copy, document for document, vectors and all', async () => {
    const expected = await everything(engine, undisturbed.copy);
    expect(expected.size).toBe(DOCUMENTS);
    for (let killed = 0; killed < KILLS; ) {
      const to = freshName('killed');
      if ((await run(to, Math.random() * undisturbed.ms)) === 'SIGKILL') killed++;
      expect(await run(to)).toBe(0);
      expect(await everything(engine, to)).toEqual(expected);
      await engine.deleteIndex(to);
    }
  }, 3_600_000);
});

async function filled(engine: Engine): Promise<string> {
  const index = freshName('source');
  await engine.createIndex(index, { mappings: { properties: { text: { type: 'text' } } } });
  const words = (i: number) => Array.from({ length: 12 }, (_, j) => WORDS[(i * 7 + j * (i % 5)) % WORDS.length]);
  const writes = Array.from({ length: DOCUMENTS }, (_, i) => {
    const routing = i % 9 === 0 ? `r${i % 4}` : undefined;
    return { kind: 'index' as const, id: `d${i}`, routing, source: { text: words(i).join(' '), number: i } };
  });
  await engine.bulk(index, writes);
  await engine.refresh(index);
  return index;
}

/** Every document with its routing and vector. */
async function everything(engine: Engine, index: string) {
  await engine.refresh(index);
  await using snapshot = await engine.snapshot(index);
  const found = new Map<string, unknown>();
  const { sourceWithVectors } = dialectForNewField(engine.version);
  const filter = Object.keys(sourceWithVectors).length > 0 ? sourceWithVectors : true;
  for await (const page of snapshot.pages({ source: filter })) {
    for (const { id, routing, source } of page) found.set(id, { routing, source });
  }
  return found;
}
