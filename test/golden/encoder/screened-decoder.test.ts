import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EncodingSession } from '../../../src/encoder/encoding-session.js';
import { LoneSession } from '../../../src/encoder/lone-session.js';
import { screenOnThread } from '../../../src/encoder/screen-on-thread.js';
import { readCheckpoint } from '../../../src/model/checkpoint.js';
import type { Screen, WholeNumberScreen } from '../../../src/model/graph/decoder/screen.js';
import type { WrittenNetwork } from '../../../src/model/graph/networks/network-graph.js';
import type { SparseHead } from '../../../src/model/graph/sparse-head.js';
import { resolveModel } from '../../../src/model/resolve-model.js';
import type { ScreenRequest } from '../../../src/model/screen/screen-request.js';
import { wholeNumberScreen } from '../../../src/model/screen/whole-number-screen.js';
import { writeGraph, writeLoneQueryGraph } from '../../../src/model/write-graph.js';

const VOCABULARY = 30_522;
const LENGTHS = [1, 2, 3, 8, 17, 64, 255];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-screen-'));
});
afterAll(() => rm(folder, { recursive: true }));

const HEADS: SparseHead[] = [
  { pooling: 'max', logarithms: 1 },
  { pooling: 'sum', logarithms: 1 },
];

type Screening = 'of whole numbers' | 'as compiling chooses it';

async function defaultCheckpoint() {
  const home = process.env.TERMWEAVE_HOME ?? join(homedir(), '.cache', 'termweave');
  const model = await resolveModel('splade-tiny', { home });
  return readCheckpoint(model.id, model.folder);
}

async function fileOf(name: string, graph: readonly Uint8Array[]): Promise<string> {
  const file = join(folder, `${name}.onnx`);
  await writeFile(file, Buffer.concat(graph));
  return file;
}

async function sessionOf(name: string, graph: readonly Uint8Array[]): Promise<EncodingSession> {
  return EncodingSession.load(await fileOf(name, graph));
}

async function loneOf(name: string, graph: readonly Uint8Array[]): Promise<LoneSession> {
  return LoneSession.load(await fileOf(name, graph), 1);
}

/** The decoder is the same for every head, so each screen is made once. */
const screens = new Map<Screening, Promise<Screen | undefined>>();

function screenOf(screening: Screening, request: ScreenRequest): Promise<Screen | undefined> {
  const made =
    screens.get(screening) ??
    (screening === 'of whole numbers'
      ? Promise.resolve(wholeNumberScreen(request.decoder, request.bias))
      : screenOnThread(request));
  screens.set(screening, made);
  return made;
}

/** Two sessions of the default model: one whose decoder is multiplied whole, one with the screen before it. */
async function sessionsOf(head: SparseHead, screening: Screening) {
  const checkpoint = await defaultCheckpoint();
  let screen: Screen | undefined;
  const makeScreen = async (request: ScreenRequest) => {
    screen = await screenOf(screening, request);
    return screen;
  };
  const screened = await writeGraph(checkpoint, head, {}, { makeScreen });
  expect(screen?.table.shape[0]).toBe(VOCABULARY);
  const of = (name: string) => `${name}-${head.pooling}-${screening}`;
  return [
    await sessionOf(of('whole'), await writeGraph(checkpoint, head, {})),
    await sessionOf(of('screened'), screened),
  ] as const;
}

/** Token ids of all kinds: words of the vocabulary, runs of one word, special tokens in the midst of a text. */
function* batches(): Generator<number[][]> {
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (const length of LENGTHS) {
    yield [Array.from({ length }, () => random(VOCABULARY))];
    yield [new Array<number>(length).fill(random(VOCABULARY)), Array.from({ length: 5 }, () => random(2000))];
    yield [[101, ...Array.from({ length }, () => 1000 + random(3000)), 102], [101, 102], [0], [100, 103]];
  }
}

test.each<readonly [Screening, SparseHead]>(
  HEADS.flatMap((head) =>
    (['of whole numbers', 'as compiling chooses it'] as const).map((one) => [one, head] as const),
  ),
)(
  'a screen %s gives what the whole decoder gives: %j',
  async (screening, head) => {
    const [whole, screened] = await sessionsOf(head, screening);
    let entries = 0;
    for (const batch of batches()) {
      const expected = await whole.run(batch);
      const found = await screened.run(batch);
      expect(found.map(({ ids }) => [...ids])).toEqual(expected.map(({ ids }) => [...ids]));
      if (head.pooling === 'max') expect(found.map(weightsOf)).toEqual(expected.map(weightsOf));
      else expectClose(found.flatMap(weightsOf), expected.flatMap(weightsOf));
      entries += expected.reduce((sum, { ids }) => sum + ids.length, 0);
    }
    expect(entries).toBeGreaterThan(1000);
  },
  120_000,
);

test('the graph for lone queries gives what the whole decoder gives, screened by whole numbers or not', async () => {
  const [head] = HEADS as [SparseHead];
  const checkpoint = await defaultCheckpoint();
  const network = checkpoint.network as WrittenNetwork;
  let screen: WholeNumberScreen | undefined;
  const whole = await sessionOf('whole', await writeGraph(checkpoint, head, {}));
  await writeGraph(
    checkpoint,
    head,
    {},
    {
      makeScreen: async ({ decoder, bias }) => {
        screen = wholeNumberScreen(decoder, bias);
        return screen;
      },
    },
  );
  const graphOf = (screen?: WholeNumberScreen) =>
    writeLoneQueryGraph(checkpoint, network, head, {}, { precision: 'float32', screen });
  const lone = [await loneOf('lone', await graphOf()), await loneOf('lone-screened', await graphOf(screen!))];
  for (const [text] of batches()) {
    const [expected] = await whole.run([text!]);
    for (const session of lone) {
      const found = await session.run(text!);
      expect([...found.ids]).toEqual([...expected!.ids]);
      expectClose([...found.weights], [...expected!.weights]);
    }
  }
}, 120_000);

test('in int8 the graph for lone queries gives what the usual one gives, to the bit', async () => {
  const [head] = HEADS as [SparseHead];
  const checkpoint = await defaultCheckpoint();
  const precision = 'int8';
  const own = await sessionOf('int8-own', await writeGraph(checkpoint, head, {}, { precision }));
  const network = checkpoint.network as WrittenNetwork;
  const file = await fileOf('int8-lone', await writeLoneQueryGraph(checkpoint, network, head, {}, { precision }));
  const lone = [await LoneSession.load(file, 1), await LoneSession.load(file, 2)];
  for (let length = 1; length <= 64; length++) {
    const text = Array.from({ length }, (_, i) => (7919 * (i + length * length)) % VOCABULARY);
    const [expected] = await own.run([text]);
    for (const session of lone) {
      const found = await session.run(text);
      expect([...found.ids]).toEqual([...expected!.ids]);
      expect(weightsOf(found)).toEqual(weightsOf(expected!));
    }
  }
}, 120_000);

test('in int8 a screen of whole numbers loses no entry of the rows as they are looked up', async () => {
  const [head] = HEADS as [SparseHead];
  const checkpoint = await defaultCheckpoint();
  let screen: WholeNumberScreen | undefined;
  const sessionWith = async (name: string, slack: number) => {
    const makeScreen = async ({ decoder, bias }: ScreenRequest) => {
      screen ??= wholeNumberScreen(decoder, bias);
      return { ...screen, constants: screen.constants.map((constant) => constant + slack) };
    };
    return sessionOf(name, await writeGraph(checkpoint, head, {}, { precision: 'int8', makeScreen }));
  };
  // With so high a bound nothing is excluded.
  const whole = await sessionWith('int8-whole', 1e6);
  const screened = await sessionWith('int8-screened', 0);
  // Short ones: without a screen each logit of a batch stands in memory.
  const some = [...batches()].filter((batch) => batch.every(({ length }) => length <= 64));
  let entries = 0;
  for (const batch of some) {
    const [expected, found] = [await whole.run(batch), await screened.run(batch)];
    expect(found.map(({ ids }) => [...ids])).toEqual(expected.map(({ ids }) => [...ids]));
    expect(found.map(weightsOf)).toEqual(expected.map(weightsOf));
    entries += expected.reduce((sum, { ids }) => sum + ids.length, 0);
  }
  expect(entries).toBeGreaterThan(500);
  const losing = await sessionWith('int8-losing', -3);
  const last = some.at(-1)!;
  expect(await losing.run(last)).not.toEqual(await whole.run(last));
}, 240_000);

const weightsOf = ({ weights }: { weights: Float32Array }) => [...weights];

/** A sum over positions is rounded in another order. */
function expectClose(found: readonly number[], expected: readonly number[]): void {
  found.forEach((weight, i) => {
    expect(Math.abs(weight - expected[i]!)).toBeLessThanOrEqual(1e-5 * expected[i]! + 1e-6);
  });
}
