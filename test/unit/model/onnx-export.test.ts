import { mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { ModelFileBroken, ModelUnsupported } from '../../../src/model/model-faults.js';
import { writeOnnxExport } from '../../support/onnx-export.js';
import { TINY_TOKENS, tinyCheckpoint } from '../../support/tiny-checkpoint.js';

const V = TINY_TOKENS.length;
const table = Float32Array.from({ length: V * V }, (_, i) => Math.sin(i * i));
const idOf = (token: string) => TINY_TOKENS.indexOf(token);

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  folder = await tinyCheckpoint();
  await unlink(join(folder, 'model.safetensors'));
});
afterEach(async () => {
  await rm(home, { recursive: true });
  await rm(folder, { recursive: true });
});

/** log(1 + relu(max over the tokens of the text)), in double precision. */
function expectedWeights(tokens: readonly string[]): number[] {
  const ids = ['[CLS]', ...tokens, '[SEP]'].map(idOf);
  return Array.from({ length: V }, (_, v) => Math.log1p(Math.max(0, ...ids.map((id) => table[id * V + v]!))));
}

test.each([13, 17, 18, 21])('pools the logits of an exported model of opset %i', async (opset) => {
  await writeOnnxExport(folder, V, table, { opset });
  const encoder = await loadEncoder(folder, { home, workers: 1 });
  const texts = ['cat', 'the cat sat on the mat', 'river'];
  const encoded = await encoder.encode(texts);
  await encoder[Symbol.asyncDispose]();
  encoded.forEach(({ vector }, i) => {
    const expected = expectedWeights(texts[i]!.split(' '));
    expect([...vector.ids]).toEqual([...expected.keys()].filter((id) => expected[id]! > 0));
    vector.ids.forEach((id, k) => {
      expect(vector.weights[k]).toBeCloseTo(expected[id]!, 6);
    });
  });
});

test.each([
  ['other outputs', { output: 'last_hidden_state', columns: 'hidden' }, /last_hidden_state/],
  ['another vocabulary', { columns: V + 1 }, /logits \[batch, length, 17\] are needed/],
  ['an old opset', { opset: 12 }, /opset 12/],
  ['inputs that nothing fills', { extraInput: 'pixel_values' }, /pixel_values/],
])('refuses an export with %s', async (_, options, message) => {
  await writeOnnxExport(folder, V, table, options);
  const thrown = await loadEncoder(folder, { home, workers: 1 }).catch((failure: unknown) => failure);
  expect(thrown).toBeInstanceOf(ModelFileBroken);
  expect((thrown as Error).message).toMatch(message);
});

test.each([
  [{ model_type: 'roberta', pad_token_id: 1 }, 62],
  [{ model_type: 'camembert' }, 62],
  [{ model_type: 'bert', pad_token_id: 0 }, 64],
])('an export of %j has as many positions as its numbers leave', async (kind, positions) => {
  await writeOnnxExport(folder, V, table);
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, ...kind }));
  await using encoder = await loadEncoder(folder, { home, workers: 1 });
  expect(encoder.identity.maxTokens).toBe(positions);
});

test('refuses a file that is no ONNX model', async () => {
  await writeFile(join(folder, 'model.onnx'), 'this is no model');
  await expect(loadEncoder(folder, { home, workers: 1 })).rejects.toThrow(ModelFileBroken);
});

test('refuses a pickle and says how to convert it', async () => {
  await writeFile(join(folder, 'pytorch_model.bin'), 'PK');
  await expect(loadEncoder(folder, { home, workers: 1 })).rejects.toThrow(ModelUnsupported);
  await expect(loadEncoder(folder, { home, workers: 1 })).rejects.toThrow(/save_pretrained/);
});
