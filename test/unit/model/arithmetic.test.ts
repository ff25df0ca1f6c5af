import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { operationsOfText, productWidths } from '../../../src/model/arithmetic.js';
import { readCheckpoint } from '../../../src/model/checkpoint.js';
import { Bert } from '../../../src/model/graph/networks/bert.js';
import type { WrittenNetwork } from '../../../src/model/graph/networks/network-graph.js';
import { readLayout } from '../../../src/model/read-layout.js';
import { goldenCheckpoint, type SmallGolden } from '../../support/golden-checkpoint.js';

const LENGTH = 10;

/** Twice the weights that a token is multiplied with: all matrices but the tables that are looked up. */
function multipliedWeights({ tensors }: SmallGolden): number {
  const shapes = Object.entries(tensors.files).flatMap(([file, shapes]) =>
    /query/.test(file) ? [] : Object.entries(shapes),
  );
  const matrices = shapes.filter(([, shape]) => shape.length === 2);
  const isTable = (name: string) => /embeddings/.test(name);
  const elements = ([, [rows, columns]]: (typeof shapes)[number]) => rows! * columns!;
  const isUntied = matrices.some(([name]) => /decoder|vocab_projector/.test(name));
  const words = matrices.find(([name]) => /word_embeddings|tok_embeddings/.test(name))!;
  const multiplied = matrices.filter(([name]) => !isTable(name)).reduce((sum, matrix) => sum + elements(matrix), 0);
  return multiplied + (isUntied ? 0 : elements(words));
}

test.each(['bert-untied', 'bert-sum', 'distilbert-inference-free', 'roberta', 'modernbert'])(
  'counts two operations for each weight of %s and token, and those of attention',
  async (name) => {
    const file = new URL(`../../golden/encoder/small/${name}.golden.json`, import.meta.url);
    const golden = JSON.parse(readFileSync(file, 'utf8')) as SmallGolden;
    const folder = await goldenCheckpoint(golden);
    const { folder: documents } = await readLayout(name, folder);
    const network = (await readCheckpoint(name, documents)).network as WrittenNetwork;
    await rm(folder, { recursive: true });
    const layers = network.kind === 'modernbert' ? network.isGlobal.length : network.shape.layers;
    const attention = layers * 4 * LENGTH ** 2 * productWidths(network).hidden;
    expect(operationsOfText(network, LENGTH)).toBe(2 * LENGTH * multipliedWeights(golden) + attention);
  },
);

test('gives BERT-base its 85 million weights of the layers, and as many operations of the head as it has', () => {
  const base = Bert.parse({
    hidden_size: 768,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    intermediate_size: 3072,
    vocab_size: 30_522,
    type_vocab_size: 2,
    max_position_embeddings: 512,
    layer_norm_eps: 1e-12,
    hidden_act: 'gelu',
  });
  const LAYERS = 84_934_656;
  const HEAD = 768 * 768 + 30_522 * 768;
  expect(operationsOfText(base, 1)).toBe(2 * (LAYERS + HEAD) + 12 * 4 * 768);
  expect(productWidths(base)).toEqual({ hidden: 768, inner: 3072 });
});
