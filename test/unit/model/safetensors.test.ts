import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelFileBroken, ModelFileMissing } from '../../../src/model/model-faults.js';
import { readSafetensors } from '../../../src/model/safetensors.js';
import { safetensorsBytes, withHeader } from '../../support/safetensors.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(bytes: Buffer): Promise<string> {
  const path = join(folder, 'model.safetensors');
  await writeFile(path, bytes);
  return path;
}

const good = safetensorsBytes({ a: { shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 1e-30) } });

test('reads tensors with their shapes', async () => {
  const tensors = await readSafetensors(await file(good));
  expect(tensors.get('a')).toEqual({ shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 1e-30) });
});

test('widens half precision exactly', async () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff);
  const header = { h: { dtype: 'F16', shape: [4], data_offsets: [0, 8] } };
  const tensors = await readSafetensors(await file(withHeader(header, [Buffer.from(halves.buffer)])));
  expect([...tensors.get('h')!.data]).toEqual([1, -2, 2 ** -24, 65504]);
});

test('widens bfloat16 exactly', async () => {
  const halves = Uint16Array.of(0x3f80, 0xbe80);
  const header = { h: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } };
  const tensors = await readSafetensors(await file(withHeader(header, [Buffer.from(halves.buffer)])));
  expect([...tensors.get('h')!.data]).toEqual([1, -0.25]);
});

const entry = (shape: number[], end: number) => ({ a: { dtype: 'F32', shape, data_offsets: [0, end] } });

test.each([
  ['too short', Buffer.from('abc')],
  ['not safetensors', Buffer.from('PK\u0003\u0004 this is a zip file, or so it says')],
  ['cut off', good.subarray(0, good.length - 1)],
  ['too long', Buffer.concat([good, Buffer.alloc(4)])],
  ['a shape that does not fit its bytes', withHeader(entry([3], 8), [Buffer.alloc(8)])],
  ['a header of another kind', withHeader({ a: 'tensor' }, [])],
  ['values that are not finite', safetensorsBytes({ a: { shape: [1], data: Float32Array.of(Number.NaN) } })],
])('names a broken file: %s', async (_, bytes) => {
  const path = await file(bytes);
  const failure = await readSafetensors(path).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(ModelFileBroken);
  expect((failure as ModelFileBroken).message).toContain(path);
});

test('names a missing file', async () => {
  await expect(readSafetensors(join(folder, 'none.safetensors'))).rejects.toThrow(ModelFileMissing);
});
