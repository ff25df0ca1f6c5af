import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoder } from '../../../src/encoder/encoder.js';
import { EncodingThread } from '../../../src/encoder/encoding-thread.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { LoneQueries } from '../../../src/encoder/lone-queries.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

const TEXTS = ['the cat', 'sat on mat', '', 'river engine search cats'];
let home: string;
let folder: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  folder = await tinyCheckpoint();
});
afterAll(async () => {
  await rm(home, { recursive: true });
  await rm(folder, { recursive: true });
});

const graphOf = async () => {
  const files = await readdir(join(home, 'compiled'));
  return join(home, 'compiled', files.find((file) => file.endsWith('.lone-queries.onnx'))!);
};

async function eachAlone(encoder: Encoder, as: 'query' | 'document') {
  const vectors = [];
  for (const text of TEXTS) vectors.push((await encoder.encode([text], { as }))[0]!.vector);
  return vectors.map(({ ids, weights }) => ({ ids: [...ids], weights: [...weights] }));
}

async function expectSameBothWays(): Promise<void> {
  await using encoder = await loadEncoder(folder, { home, workers: 2 });
  const documents = await eachAlone(encoder, 'document');
  for (const [i, query] of (await eachAlone(encoder, 'query')).entries()) {
    expect(query.ids).toEqual(documents[i]!.ids);
    for (const [j, weight] of query.weights.entries()) expect(weight).toBeCloseTo(documents[i]!.weights[j]!, 6);
  }
}

test('a lone query has the vector that it has in company', expectSameBothWays);

test('the graph is for queries that are alone, short, whole and not the first', async () => {
  const lone = new LoneQueries({ file: await graphOf(), threads: 2 });
  const query = { texts: ['the cat'], as: 'query', alone: true } as const;
  const piece = [[2, 5, 6, 3]];
  expect(await lone.sessionFor(query, piece)).toBeUndefined();
  const session = await lone.sessionFor(query, piece);
  expect((await session!.run(piece[0]!)).ids.length).toBeGreaterThan(0);
  expect(await lone.sessionFor(query, piece)).toBe(session);
  expect(await lone.sessionFor({ ...query, alone: false }, piece)).toBeUndefined();
  expect(await lone.sessionFor({ ...query, as: 'document' }, piece)).toBeUndefined();
  expect(await lone.sessionFor(query, [...piece, ...piece])).toBeUndefined();
  expect(await lone.sessionFor(query, [Array.from({ length: 65 }, () => 5)])).toBeUndefined();
});

test('one thread of a pool has the session for lone queries, and all of them go to it', async () => {
  const takers: boolean[] = [];
  const alone: EncodingThread[] = [];
  const { encode } = EncodingThread.prototype;
  EncodingThread.prototype.encode = function (task, ...others) {
    takers.push(this.takesLoneQueries);
    if (task.alone) alone.push(this);
    return encode.call(this, task, ...others);
  };
  try {
    await using encoder = await loadEncoder(folder, { home, workers: 3 });
    await encoder.encode(Array.from({ length: 300 }, () => TEXTS[0]!));
    expect(new Set(takers)).toEqual(new Set([true, false]));
    for (let i = 0; i < 4; i++) await encoder.encode(['the cat'], { as: 'query' });
  } finally {
    EncodingThread.prototype.encode = encode;
  }
  expect(alone.map(({ takesLoneQueries }) => takesLoneQueries)).toEqual([true, true, true, true]);
  expect(new Set(alone).size).toBe(1);
});

test('a graph that cannot be loaded costs speed and nothing else', async () => {
  await writeFile(await graphOf(), 'broken');
  const lone = new LoneQueries({ file: await graphOf(), threads: 2 });
  const query = { texts: ['the cat'], as: 'query', alone: true } as const;
  for (let i = 0; i < 3; i++) expect(await lone.sessionFor(query, [[2, 5, 3]])).toBeUndefined();
  await expectSameBothWays();
});

test('a session that fails costs speed and nothing else', async () => {
  const file = await graphOf();
  // It loads, and refuses the inputs of a lone query.
  await copyFile(file.replace('.lone-queries.onnx', '.onnx'), file);
  const lone = new LoneQueries({ file, threads: 2 });
  const query = { texts: ['the cat'], as: 'query', alone: true } as const;
  await lone.sessionFor(query, [[2, 5, 3]]);
  const session = await lone.sessionFor(query, [[2, 5, 3]]);
  await expect(session!.run([2, 5, 3])).rejects.toThrow();
  lone.drop();
  expect(await lone.sessionFor(query, [[2, 5, 3]])).toBeUndefined();
  await expectSameBothWays();
});
