import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { traitsOf } from '../../../src/dialect/engine-traits.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

/** How often the command is killed on each engine while its copy has some of the documents and not all; other kills do not count. The long trial is `TERMWEAVE_TEST_KILLS=20`. */
const KILLS = Number(process.env.TERMWEAVE_TEST_KILLS ?? 1);
/** An engine that takes the copy within a few milliseconds is seldom hit midway; every kill is checked, whatever it hit. */
const ATTEMPTS_PER_KILL = 4;
const DOCUMENTS = 4000;
/** So much comes along with each: the copy is of a dozen bulk requests and more, between which there is time to be killed in. */
const BALLAST = 'x'.repeat(5000);
/** A bulk request takes about so long: a run is killed while one is written as well as between two. */
const LONGEST_AFTER_MS = 30;
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
  let address: string;
  let undisturbed: string;

  beforeAll(async () => {
    address = await url();
    engine = await connect(address);
    folder = await mkdtemp(join(tmpdir(), 'termweave-killed-'));
    model = await tinyCheckpoint();
    source = await filled(engine);
    undisturbed = freshName('calm');
    expect(await run(undisturbed)).toBe(0);
  }, 240_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  function start(to: string) {
    const args = ['reindex', source, '--to', to, '--text', 'text', '--json', '--model', model, '--workers', '1'];
    const env = { ...process.env, TERMWEAVE_URL: address, TERMWEAVE_HOME: folder };
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env, stdio: 'ignore' });
    const ended = new Promise<number | string>((done) => {
      child.on('exit', (code, signal) => done(signal ?? code!));
    });
    return { child, ended };
  }

  const run = (to: string) => start(to).ended;

  /**
   * Kills a run at a random moment after its copy has so many documents. It is stopped first, to be looked at: the engine may still take what was sent.
   * @returns how many documents the copy had then, if the run was not over.
   */
  async function killed(to: string, documents: number): Promise<number | undefined> {
    const { child, ended } = start(to);
    let isOver = false;
    void ended.finally(() => {
      isOver = true;
    });
    while (!isOver && (await documentsIn(to)) < documents) await sleep(2);
    await sleep(Math.random() * LONGEST_AFTER_MS);
    child.kill('SIGSTOP');
    const found = await documentsIn(to);
    child.kill('SIGKILL');
    return (await ended) === 'SIGKILL' ? found : undefined;
  }

  const documentsIn = (index: string) =>
    engine.refresh(index).then(
      () => engine.count(index),
      () => 0,
    );

  it('at random moments, goes on and gives the undisturbed copy, document for document, vectors and all', async () => {
    const expected = await everything(engine, undisturbed);
    expect(expected.size).toBe(DOCUMENTS);
    let midway = 0;
    for (let attempt = 0; midway < KILLS && attempt < ATTEMPTS_PER_KILL * KILLS; attempt++) {
      const to = freshName('killed');
      const found = await killed(to, Math.floor(Math.random() * DOCUMENTS));
      if (found !== undefined && found > 0 && found < DOCUMENTS) midway++;
      expect(await run(to)).toBe(0);
      expect(await everything(engine, to)).toEqual(expected);
      await engine.deleteIndex(to);
    }
    process.stderr.write(`reindex was killed ${midway} time(s) with a part of its copy written, ${KILLS} asked\n`);
    if (KILLS >= 20) expect(midway).toBe(KILLS);
  }, 3_600_000);
});

async function filled(engine: Engine): Promise<string> {
  const index = freshName('source');
  await engine.createIndex(index, {
    mappings: { properties: { text: { type: 'text' }, ballast: { type: 'keyword', index: false, doc_values: false } } },
  });
  const words = (i: number) => Array.from({ length: 12 }, (_, j) => WORDS[(i * 7 + j * (i % 5)) % WORDS.length]);
  const writes = Array.from({ length: DOCUMENTS }, (_, i) => {
    const routing = i % 9 === 0 ? `r${i % 4}` : undefined;
    return {
      kind: 'index' as const,
      id: `d${i}`,
      routing,
      source: { text: words(i).join(' '), number: i, ballast: BALLAST },
    };
  });
  for (let at = 0; at < DOCUMENTS; at += 1000) await engine.bulk(index, writes.slice(at, at + 1000));
  await engine.refresh(index);
  return index;
}

/** Every document with its routing and vector. */
async function everything(engine: Engine, index: string) {
  await engine.refresh(index);
  await using snapshot = await engine.snapshot(index);
  const found = new Map<string, unknown>();
  for await (const page of snapshot.pages({ source: traitsOf(engine.version).wholeDocuments.source })) {
    for (const { id, routing, source } of page) found.set(id, { routing, source });
  }
  return found;
}
