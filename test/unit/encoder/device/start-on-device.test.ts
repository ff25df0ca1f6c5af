import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCELERATORS, type Device, deviceNamed } from '../../../../src/encoder/device/device.js';
import { startOnDevice } from '../../../../src/encoder/device/start-on-device.js';
import { tryDevice } from '../../../../src/encoder/device/try-device.js';
import { EncoderUnusable } from '../../../../src/encoder/encoder-faults.js';
import { loadEncoder } from '../../../../src/encoder/load-encoder.js';
import { trials } from '../../../support/accelerators.js';
import { tinyCheckpoint } from '../../../support/tiny-checkpoint.js';

const TRIALS_MS = 120_000;
const refusals = [...trials].flatMap(([name, trial]) => ('refused' in trial ? [[name, trial.refused] as const] : []));
const nameOf = async ({ name }: Device) => name;

let home: string;
let folder: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  folder = await tinyCheckpoint();
});
afterAll(async () => {
  for (const one of [home, folder]) await rm(one, { recursive: true });
});

test('the cores multiply in float32, and say how fast', async () => {
  const trial = await tryDevice(deviceNamed('cpu'));
  // The slowest machine that runs Node multiplies faster, and the fastest slower.
  expect(trial).toEqual({ operationsPerSecond: expect.any(Number) });
  expect((trial as { operationsPerSecond: number }).operationsPerSecond).toBeGreaterThan(1e8);
  expect((trial as { operationsPerSecond: number }).operationsPerSecond).toBeLessThan(1e15);
});

test('a trial ends with its signal', async () => {
  const ending = new AbortController();
  const trial = tryDevice(deviceNamed('cpu'), ending.signal);
  ending.abort(new Error('enough'));
  await expect(trial).rejects.toThrow('enough');
});

// A machine with every accelerator has nothing here to refuse, and says so.
if (refusals.length === 0) process.stderr.write('NOT RUN: devices that cannot be had: this machine has all of them\n');

test.each(refusals)('%s was asked for and cannot be had: an error that says what it takes', async (device, found) => {
  const thrown = await loadEncoder(folder, { home, device }).catch((failure: unknown) => failure);
  const { remedy } = deviceNamed(device);
  expect(thrown).toMatchObject({ code: 'DEVICE_UNAVAILABLE', device, found, remedy: expect.stringContaining(remedy) });
});

test('int8 is not multiplied on an accelerator', async () => {
  for (const { name } of ACCELERATORS) {
    await expect(loadEncoder(folder, { home, device: name, precision: 'int8' })).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      found: expect.stringContaining('int8'),
    });
  }
});

test(
  'auto comes to one device, and says in one line which and why',
  async () => {
    const lines: string[] = [];
    await using encoder = await loadEncoder(folder, {
      home,
      device: 'auto',
      onProgress: ({ what }) => {
        lines.push(what);
      },
    });
    const { device } = encoder.identity;
    const [told, ...more] = lines.filter((line) => line.startsWith('device auto'));
    expect(more).toEqual([]);
    expect(told).toMatch(`device auto: ${device}`);
    for (const [name, found] of refusals) {
      if (device === 'cpu') expect(told).toContain(`${name} (${found})`);
      if (device === 'cpu') expect(told).toContain(deviceNamed(name).remedy);
    }
    await using cores = await loadEncoder(folder, { home });
    expect(cores.identity.device).toBe('cpu');
    const [[found], [expected]] = [await encoder.encode(['the cat sat']), await cores.encode(['the cat sat'])];
    expect([...found!.vector.ids]).toEqual([...expected!.vector.ids]);
  },
  TRIALS_MS,
);

test(
  'auto goes on where an accelerator cannot take the model',
  async () => {
    const tried: string[] = [];
    const lines: string[] = [];
    const start = async (device: Device) => {
      tried.push(device.name);
      if (device.name !== 'cpu') throw new EncoderUnusable('model.onnx', 'no memory', device.remedy);
      return device.name;
    };
    const onProgress = ({ what }: { what: string }) => void lines.push(what);
    await expect(startOnDevice('auto', start, { precision: 'float32', onProgress })).resolves.toBe('cpu');
    expect(tried.at(-1)).toBe('cpu');
    expect(lines).toHaveLength(1);
  },
  TRIALS_MS,
);

test('the CPU is asked for nothing: no trial, no line', async () => {
  const onProgress = () => {
    throw new Error('told something');
  };
  await expect(startOnDevice('cpu', nameOf, { precision: 'int8', onProgress })).resolves.toBe('cpu');
});
