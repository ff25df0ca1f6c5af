import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safetensorsBytes } from './safetensors.js';

const WORDS = ['the', 'cat', 'sat', 'on', 'mat', 'search', 'engine', 'river', '##s', '##ing', '.', ','];
export const TINY_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...WORDS];
const HIDDEN = 16;
const INNER = 32;
const POSITIONS = 64;

/** A folder with a BERT masked-language model of random weights: small enough to make for each test. */
export async function tinyCheckpoint({ seed = 1, layers = 2, positions = POSITIONS } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'termweave-tiny-'));
  await writeFile(join(folder, 'model.safetensors'), safetensorsBytes(tinyTensors(seed, layers, positions)));
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(TOKENIZER));
  const config = {
    model_type: 'bert',
    hidden_size: HIDDEN,
    num_hidden_layers: layers,
    num_attention_heads: 2,
    intermediate_size: INNER,
    vocab_size: TINY_TOKENS.length,
    type_vocab_size: 2,
    max_position_embeddings: positions,
    layer_norm_eps: 1e-12,
    hidden_act: 'gelu',
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

function tinyTensors(seed: number, layers: number, positions: number) {
  const random = seeded(seed);
  const tensors: Record<string, { shape: number[]; data: Float32Array }> = {};
  const add = (name: string, shape: number[], centre = 0) => {
    const count = shape.reduce((product, length) => product * length, 1);
    tensors[name] = { shape, data: Float32Array.from({ length: count }, () => centre + random() - 0.5) };
  };
  const dense = (name: string, to: number, from: number) => {
    add(`${name}.weight`, [to, from]);
    add(`${name}.bias`, [to]);
  };
  const norm = (name: string) => {
    add(`${name}.weight`, [HIDDEN], 1);
    add(`${name}.bias`, [HIDDEN]);
  };
  add('bert.embeddings.word_embeddings.weight', [TINY_TOKENS.length, HIDDEN]);
  add('bert.embeddings.position_embeddings.weight', [positions, HIDDEN]);
  add('bert.embeddings.token_type_embeddings.weight', [2, HIDDEN]);
  norm('bert.embeddings.LayerNorm');
  for (let i = 0; i < layers; i++) {
    const layer = `bert.encoder.layer.${i}`;
    for (const part of ['query', 'key', 'value']) dense(`${layer}.attention.self.${part}`, HIDDEN, HIDDEN);
    dense(`${layer}.attention.output.dense`, HIDDEN, HIDDEN);
    norm(`${layer}.attention.output.LayerNorm`);
    dense(`${layer}.intermediate.dense`, INNER, HIDDEN);
    dense(`${layer}.output.dense`, HIDDEN, INNER);
    norm(`${layer}.output.LayerNorm`);
  }
  dense('cls.predictions.transform.dense', HIDDEN, HIDDEN);
  norm('cls.predictions.transform.LayerNorm');
  add('cls.predictions.bias', [TINY_TOKENS.length], -1);
  return tensors;
}

const special = (content: string) => ({
  id: TINY_TOKENS.indexOf(content),
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

const TOKENIZER = {
  version: '1.0',
  added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map(special),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(TINY_TOKENS.map((token, id) => [token, id])),
  },
};

/** mulberry32: a small generator with a seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
