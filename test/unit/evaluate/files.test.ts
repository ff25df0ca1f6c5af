import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BeirCollection } from '../../../src/evaluate/files/beir-collection.js';
import { EvaluationFileBroken } from '../../../src/evaluate/files/lines-of.js';
import { formatQrels, readQrels } from '../../../src/evaluate/files/qrels-file.js';
import { formatRun, readRun, runTags } from '../../../src/evaluate/files/run-file.js';

const folder = mkdtempSync(join(tmpdir(), 'termweave-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('judgements', () => {
  const expected = new Map([
    [
      'q1',
      new Map([
        ['d1', 2],
        ['d2', 0],
      ]),
    ],
    ['q2', new Map([['d1', -1]])],
  ] as const);

  it.each([
    ['TREC', 'q1 0 d1 2\nq1\t0\td2\t0\r\n\nq2 Q0 d1 -1'],
    ['BEIR', 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td1\t-1\n'],
  ])('are read from %s files', async (layout, content) => {
    expect(await readQrels(fileOf(`${layout}.tsv`, content))).toEqual(expected);
    expect(await readQrels(fileOf(`${layout}.tsv.gz`, gzipSync(content)))).toEqual(expected);
  });

  it('are written so that they read the same', async () => {
    expect(await readQrels(fileOf('again.txt', formatQrels(expected)))).toEqual(expected);
  });

  it('are clicks where there are two columns', async () => {
    expect(await readQrels(fileOf('clicks.tsv', 'q1\td7\n'))).toEqual(new Map([['q1', new Map([['d7', 1]])]]));
  });

  it('are clicks under a heading', async () => {
    const clicks = fileOf('headed.tsv', 'query-id\tcorpus-id\nq1\td7\n');
    expect(await readQrels(clicks)).toEqual(new Map([['q1', new Map([['d7', 1]])]]));
  });

  it('are cut at any blanks where a tab stands among them, as trec_eval cuts', async () => {
    const mixed = fileOf('mixed.txt', 'q1 0\td1 1\nq2\t0 d9 0\n');
    const grades = new Map([
      ['q1', new Map([['d1', 1]])],
      ['q2', new Map([['d9', 0]])],
    ]);
    expect(await readQrels(mixed)).toEqual(grades);
  });

  it('keep blanks inside of ids where tabs divide them', async () => {
    const file = fileOf('blanks.tsv', 'query-id\tcorpus-id\tscore\nq 1\td1\t2\n');
    expect(await readQrels(file)).toEqual(new Map([['q 1', new Map([['d1', 2]])]]));
  });

  it.each([
    ['a grade that is none', 'q1 0 d1 2\nq1 0 d2 good\n', 2],
    ['a grade that is none on the first line', 'q1 0 d1 x\nq1 0 d2 1\n', 1],
    ['three columns among four', 'q1 0 d1 2\nq1 d2 1\n', 2],
    ['four columns among three', 'q1\td1\t2\nq1\t0\td2\t1\n', 2],
    ['two columns among three', 'query-id\tcorpus-id\tscore\nq1\td1\n', 2],
    ['a query without a name', 'q1\td1\t2\nq1\t\t1\n', 2],
    ['one column', 'q1\n', 1],
  ])('are refused by line and reason: %s', async (_what, content, line) => {
    await expect(readQrels(fileOf('broken.tsv', content))).rejects.toThrow(`line ${line} is no judgement`);
  });
});

describe('runs', () => {
  it('keep their scores and ties through a file', async () => {
    const scores = [3.3333332538604736, 3.3333334922790527, 1, 1].map(Math.fround);
    const ranking = scores.map((score, i) => ({ id: `d${i}`, score }));
    const text = formatRun(new Map([['q', ranking]]), 'bm25');
    expect(text.split('\n').slice(0, 2)).toEqual(['q Q0 d1 1 3.33333349 bm25', 'q Q0 d0 2 3.33333325 bm25']);
    const again = await readRun(fileOf('a.run', text));
    const singles = again.get('q')!.map(({ id, score }) => ({ id, score: Math.fround(score) }));
    expect(singles.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(ranking);
  });

  it('have tags that are names of files, each its own', () => {
    const names = ['splade+prune(topK 8)', 'splade+prune(topK(8))', 'bm25', 'BM25', 'bm25-2'];
    expect([...runTags(names)]).toEqual([
      ['splade+prune(topK 8)', 'splade+prune-topK-8'],
      ['splade+prune(topK(8))', 'splade+prune-topK-8-2'],
      ['bm25', 'bm25'],
      ['BM25', 'BM25-2'],
      ['bm25-2', 'bm25-2-2'],
    ]);
  });

  it('are refused where a document stands twice', async () => {
    const file = fileOf('twice.run', 'q Q0 d 1 2.0 x\nq Q0 d 2 1.0 x\n');
    await expect(readRun(file)).rejects.toThrow(/line 2 names d a second time/);
  });
});

describe('collections', () => {
  it('say what is missing', async () => {
    await expect(collect(new BeirCollection(folder).documents())).rejects.toThrow(EvaluationFileBroken);
  });

  it('are read from compressed files, ids as strings', async () => {
    fileOf('corpus.jsonl.gz', gzipSync('{"_id": 7, "title": "T", "text": "x"}\n{"_id":"8","text":"y"}'));
    const documents = await collect(new BeirCollection(folder).documents());
    expect(documents).toEqual([
      { id: '7', title: 'T', text: 'x' },
      { id: '8', title: '', text: 'y' },
    ]);
  });

  it('have judgements without a split for the usual split alone, and say which splits there are', async () => {
    const whole = mkdtempSync(join(folder, 'whole-'));
    const collection = new BeirCollection(whole);
    expect(collection.isJudged()).toBe(false);
    writeFileSync(join(whole, 'qrels.txt'), 'q1 0 d1 1\n');
    expect(collection.isJudged()).toBe(true);
    expect((await collection.qrels()).size).toBe(1);
    await expect(async () => collection.qrels('train')).rejects.toThrow(/no qrels\/train\.tsv in it\. /);
    mkdirSync(join(whole, 'qrels'));
    for (const name of ['dev.tsv', 'train.tsv.gz']) writeFileSync(join(whole, 'qrels', name), '');
    await expect(async () => collection.qrels('tset')).rejects.toThrow(/its splits: dev, train/);
  });

  it('keep ids of 64 bits apart', async () => {
    fileOf('queries.jsonl', '{"_id":1234567890123456789,"text":"x"}\n{"_id":1234567890123456790,"text":"y"}\n');
    const topics = await new BeirCollection(folder).topics({ has: () => true });
    expect(topics.map(({ id }) => id)).toEqual(['1234567890123456789', '1234567890123456790']);
  });

  it('refuse a document without an id', async () => {
    const other = mkdtempSync(join(folder, 'no-id-'));
    writeFileSync(join(other, 'queries.jsonl'), '{"text":"x"}\n');
    await expect(new BeirCollection(other).topics({ has: () => true })).rejects.toThrow(/line 1 is no document/);
  });

  it('end with a fault where a compressed file is damaged', async () => {
    const file = fileOf('cut.tsv.gz', gzipSync('q1 0 d1 1\n'.repeat(1000)).subarray(0, 30));
    await expect(readQrels(file)).rejects.toThrow(EvaluationFileBroken);
  });
});
