import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EncodingSession, type Entries } from '../../../src/encoder/encoding-session.js';
import { type Checkpoint, readCheckpoint } from '../../../src/model/checkpoint.js';
import type { Screen } from '../../../src/model/graph/decoder/screen.js';
import { readSafetensors } from '../../../src/model/safetensors.js';
import { dot, meanRow } from '../../../src/model/screen/products.js';
import { gamma } from '../../../src/model/screen/rounding.js';
import { screenOfRank } from '../../../src/model/screen/screen-of-rank.js';
import type { ScreenRequest } from '../../../src/model/screen/screen-request.js';
import { wholeNumberScreen } from '../../../src/model/screen/whole-number-screen.js';
import { writeGraph } from '../../../src/model/write-graph.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

const VOCABULARY = 640;
const HEAD = { pooling: 'max', logarithms: 1 } as const;
const LENGTHS = [1, 2, 7, 30, 61];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-widths-'));
});
afterAll(() => rm(folder, { recursive: true }));

/**
 * A screen by mirrored coordinates: the leading ones among themselves, and so the rest. (The basis that compiling takes costs half a minute
 * here; the bound holds in any.)
 */
async function screenOf({ graph, decoder, bias }: ScreenRequest, rank: number): Promise<Screen> {
  const session = await InferenceSession.create(Buffer.concat(graph), { logSeverityLevel: 3 });
  const ids = Int32Array.from({ length: 1024 }, (_, i) => (i * 769) % VOCABULARY);
  const { states } = await session.run({
    token_ids: new Tensor('int32', ids, [32, 32]),
    token_mask: new Tensor('int32', new Int32Array(1024).fill(1), [32, 32]),
  });
  await session.release();
  const hidden = decoder.shape[1]!;
  const mean = meanRow({ shape: [1024, hidden], data: states!.data as Float32Array });
  const transform = mirrored(hidden, rank);
  return screenOfRank(rank, { mean, transform, dual: transform }, decoder, bias);
}

/** A symmetric orthogonal matrix, so its own dual: a Householder reflection of the first `leading` coordinates, and one of the rest. */
function mirrored(size: number, leading: number): Float64Array {
  const axis = Float64Array.from({ length: size }, (_, i) => Math.sin(i + 1));
  const isTogether = (i: number, j: number) => i < leading === j < leading;
  const squares = [axis.subarray(0, leading), axis.subarray(leading)].map((part) => dot(part, part));
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return Number(i === j) - (isTogether(i, j) ? (2 * axis[i]! * axis[j]!) / squares[Number(i >= leading)]! : 0);
  });
}

async function sessionOf(checkpoint: Checkpoint, name: string, makeScreen?: (r: ScreenRequest) => Promise<Screen>) {
  const file = join(folder, `${name}.onnx`);
  await writeFile(file, Buffer.concat(await writeGraph(checkpoint, HEAD, {}, { makeScreen })));
  return EncodingSession.load(file);
}

/**
 * How far two float32 evaluations of a logit can lie apart, whatever the order of their additions: 2 gamma(hidden) |h| |w| (Higham, section
 * 3.1), with |h| at most that of any state that the last LayerNorm gives, and 4 roundings for bias and log1p.
 */
async function roundingBound(checkpointFolder: string, hidden: number, untied: boolean): Promise<number> {
  const tensors = await readSafetensors(join(checkpointFolder, 'model.safetensors'));
  const of = (name: string) => tensors.get(name)!.data;
  const largest = (data: Float32Array) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const norm = 'cls.predictions.transform.LayerNorm';
  const state = Math.sqrt(hidden) * (largest(of(`${norm}.weight`)) + largest(of(`${norm}.bias`)));
  const decoder = of(untied ? 'cls.predictions.decoder.weight' : 'bert.embeddings.word_embeddings.weight');
  let row = 0;
  for (let v = 0; v < VOCABULARY; v++)
    row = Math.max(row, Math.hypot(...decoder.subarray(v * hidden, (v + 1) * hidden)));
  return (2 * gamma(hidden) + 4 * gamma(1)) * state * row;
}

function* batches(): Generator<number[][]> {
  let state = 1;
  const next = () => {
    state = (state * 75 + 74) % 65_537;
    return state % VOCABULARY;
  };
  const text = (length: number) => Array.from({ length }, next);
  for (const length of LENGTHS) yield [text(length), text(3), text(1 + (length >> 1))];
}

const weightsOf = ({ ids, weights }: Entries) => new Map([...ids].map((id, i) => [id, weights[i]!]));

/** The largest difference of any entry of the batches; an entry that one of both lacks has no weight there. */
async function largestDifference(whole: EncodingSession, screened: EncodingSession) {
  let largest = 0;
  let entries = 0;
  for (const batch of batches()) {
    const [expected, found] = [await whole.run(batch), await screened.run(batch)];
    expected.forEach((text, row) => {
      const [all, kept] = [weightsOf(text), weightsOf(found[row]!)];
      for (const id of new Set([...all.keys(), ...kept.keys()])) {
        largest = Math.max(largest, Math.abs((all.get(id) ?? 0) - (kept.get(id) ?? 0)));
      }
      entries += all.size;
    });
  }
  return { largest, entries };
}

const shape = { layers: 1, vocabulary: VOCABULARY, bias: -6 };

test.each([
  { hidden: 256, rank: 64, untied: false },
  { hidden: 384, rank: 200, untied: false },
  { hidden: 512, rank: 256, untied: false },
  { hidden: 256, rank: 128, untied: true },
  { hidden: 256, rank: undefined, untied: false },
  { hidden: 512, rank: undefined, untied: true },
])('gives the entries of the whole decoder, up to rounding: %j', async ({ hidden, rank, untied }) => {
  const weights = await tinyCheckpoint({ ...shape, hidden, inner: hidden, untied, leading: rank ?? hidden / 2 });
  const checkpoint = await readCheckpoint('wide', weights);
  const bound = await roundingBound(weights, hidden, untied);
  let screen: Screen | undefined;
  const whole = await sessionOf(checkpoint, 'whole');
  const screened = await sessionOf(checkpoint, 'screened', async (request) => {
    screen = rank ? await screenOf(request, rank) : wholeNumberScreen(request.decoder, request.bias);
    return screen;
  });
  const { largest, entries } = await largestDifference(whole, screened);
  expect(bound).toBeLessThan(0.02);
  expect(largest).toBeLessThanOrEqual(bound);
  expect(entries).toBeGreaterThan(200);
  // The comparison can fail: of a bound that is too low by 3, entries are lost.
  const wrong = { ...screen!, constants: screen!.constants.map((value) => value - 3) };
  const losing = await sessionOf(checkpoint, 'losing', async () => wrong);
  expect((await largestDifference(whole, losing)).largest).toBeGreaterThan(bound);
  await rm(weights, { recursive: true });
});
