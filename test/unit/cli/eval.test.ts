import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readQrels } from '../../../src/evaluate/files/qrels-file.js';
import { readRun } from '../../../src/evaluate/files/run-file.js';
import { evaluateRun } from '../../../src/evaluate/measures/evaluate-run.js';
import { parseMeasures } from '../../../src/evaluate/measures/parse-measure.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

const CORPUS = [
  { _id: 'd1', title: 'cat', text: 'the cat sat on the mat' },
  { _id: 'd2', title: 'river', text: 'the river' },
  { _id: 'd3', title: '', text: 'a search engine' },
];
const QUERIES = [
  { _id: 'q1', text: 'cat mat' },
  { _id: 'q2', text: 'search engine' },
  { _id: 'unjudged', text: 'river' },
];
const QRELS = 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq2\td3\t1\nq2\td2\t0\n';
const SYSTEMS = ['bm25', 'splade', 'splade+prune(topK 4)', 'two-phase', 'hybrid(rrf)', 'hybrid(sum 0.3)'];

const folder = mkdtempSync(join(tmpdir(), 'termweave-eval-'));
let model: string;

beforeAll(async () => {
  const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
  mkdirSync(join(folder, 'qrels'));
  writeFileSync(join(folder, 'corpus.jsonl'), lines(CORPUS));
  writeFileSync(join(folder, 'queries.jsonl'), lines(QUERIES));
  writeFileSync(join(folder, 'qrels/test.tsv'), QRELS);
  writeFileSync(join(folder, 'twice.txt'), '{"_id":"q1","text":"cat"}\n{"_id":"q1","text":"mat"}\n');
  model = await tinyCheckpoint();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(model, { recursive: true });
});

function termweave(...args: readonly string[]) {
  const env = { ...process.env, TERMWEAVE_HOME: join(folder, 'home') };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/termweave.js', ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

describe('termweave eval', () => {
  it('judges every system in memory, and writes runs and a page that say the same', async () => {
    const runs = join(folder, 'runs');
    const page = join(folder, 'page.html');
    const { status, stdout, stderr } = termweave(
      ...[
        'eval',
        folder,
        '--url',
        'memory:',
        '--model',
        model,
        '--systems',
        SYSTEMS.join(','),
        '--json',
        '--per-query',
      ],
      ...['--measures', 'nDCG@10,R@100,AP', '--run-dir', runs, '--html', page],
    );
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(Object.keys(report.systems)).toEqual(SYSTEMS);
    expect(report.queries).toBe(2);
    expect(report.systems.bm25).toEqual({ 'nDCG@10': 1, 'R@100': 1, AP: 1 });
    const qrels = await readQrels(join(folder, 'qrels/test.tsv'));
    const measures = parseMeasures('nDCG@10,R@100,AP');
    for (const [name, file] of [
      ['bm25', 'bm25'],
      ['hybrid(sum 0.3)', 'hybrid-sum-0.3'],
    ] as const) {
      const { means } = evaluateRun(await readRun(join(runs, `${file}.run`)), qrels, measures);
      expect(Object.fromEntries(means)).toEqual(report.systems[name]);
    }
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('hybrid(sum 0.3) against bm25');
    expect(html).not.toMatch(/<script|https?:|url\(|@import/);
  }, 60_000);

  it.each([
    [['eval', folder, '--url', 'memory:', '--systems', 'bm52'], 'SYSTEM_UNKNOWN'],
    [['eval', folder, '--url', 'memory:', '--measures', 'MAPP'], 'MEASURE_UNKNOWN'],
    [['eval', join(folder, 'nowhere'), '--url', 'memory:'], 'EVALUATION_FILE_BROKEN'],
    [['eval', folder, '--url', 'http://127.0.0.1:1'], 'OPTION_INVALID'],
    [['eval', '--url', 'memory:'], 'OPTION_INVALID'],
    [['eval', folder, '--url', 'memory:', '--depth', '5'], 'OPTION_INVALID'],
    [['eval', folder, '--url', 'memory:', '--split', 'dev'], 'EVALUATION_FILE_BROKEN'],
    [['eval', folder, '--url', 'memory:', '--queries', join(folder, 'twice.txt')], 'OPTION_INVALID'],
  ])('refuses %j with %s', (args, code) => {
    const { status, stderr } = termweave(...args, '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stderr.trim().split('\n').at(-1)!).error.code).toBe(code);
  });

  it('refuses fields for BM25 that the index does not have, and says which it has', () => {
    const { status, stderr } = termweave(
      'eval',
      folder,
      '--url',
      'memory:',
      '--model',
      model,
      '--lexical',
      'title,body',
    );
    expect(stderr).toMatch(/no body in index collection; its fields for words: title, text/);
    expect(status).toBe(2);
  }, 60_000);
});

describe('termweave tune', () => {
  it('writes its pick into a configuration, beside what is there, and says no where nothing fits', () => {
    const file = join(folder, 'termweave.config.json');
    writeFileSync(file, '{"index":"books","search":{"size":5}}');
    const asked = ['tune', folder, '--url', 'memory:', '--model', model, '--systems', 'bm25'];
    const picked = termweave(...asked, '--budget', 'clauses < 3', '--write', file, '--json');
    const { pick, queries } = JSON.parse(picked.stdout);
    expect(queries).toEqual({ development: 1, unseen: 1 });
    expect(pick.name).toBe('bm25');
    const written = JSON.parse(readFileSync(file, 'utf8'));
    expect(written).toEqual({ index: 'books', search: { size: 5, system: 'bm25' } });
    expect(termweave(...asked, '--budget', 'p50 < 0.000001').status).toBe(1);
  }, 60_000);

  it('tunes by agreement on a folder that nobody judged, in memory, too', () => {
    const unjudged = join(folder, 'unjudged');
    mkdirSync(unjudged);
    for (const file of ['corpus.jsonl', 'queries.jsonl']) copyFileSync(join(folder, file), join(unjudged, file));
    const { status, stdout, stderr } = termweave('tune', unjudged, '--url', 'memory:', '--model', model, '--json');
    expect(stderr).toMatch(/nobody judged/);
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 0, measure: 'RBO', pick: { development: 1 } });
  }, 60_000);
});
