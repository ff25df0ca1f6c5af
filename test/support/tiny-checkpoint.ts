import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safetensorsBytes } from './safetensors.js';

const WORDS = ['the', 'cat', 'sat', 'on', 'mat', 'search', 'engine', 'river', '##s', '##ing', '.', ','];
export const TINY_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...WORDS];

/** What a checkpoint of random weights is like; small unless something is said. */
const TINY = {
  seed: 1,
  layers: 2,
  positions: 64,
  hidden: 16,
  inner: 32,
  /** More than the tokenizer has are entries without a name. */
  vocabulary: TINY_TOKENS.length,
  /** Whether the decoder has a matrix of its own. */
  untied: false,
  /** The mean of the decoder's bias: the lower, the fewer entries a text has. */
  bias: -1,
  /** From this column on, words and decoder are a hundredth of what they are before. */
  leading: Number.POSITIVE_INFINITY,
};
type TinyOptions = typeof TINY;

/** A folder with a BERT masked-language model of random weights: small enough to make for each test. */
export async function tinyCheckpoint(given: Partial<TinyOptions> = {}): Promise<string> {
  const options = { ...TINY, ...given };
  const folder = await mkdtemp(join(tmpdir(), 'termweave-tiny-'));
  await writeFile(join(folder, 'model.safetensors'), safetensorsBytes(tinyTensors(options)));
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(TOKENIZER));
  const config = {
    model_type: 'bert',
    hidden_size: options.hidden,
    num_hidden_layers: options.layers,
    num_attention_heads: 2,
    intermediate_size: options.inner,
    vocab_size: options.vocabulary,
    type_vocab_size: 2,
    max_position_embeddings: options.positions,
    layer_norm_eps: 1e-12,
    hidden_act: 'gelu',
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

function tinyTensors({ seed, layers, positions, hidden, inner, vocabulary, untied, bias, leading }: TinyOptions) {
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
    add(`${name}.weight`, [hidden], 1);
    add(`${name}.bias`, [hidden]);
  };
  const addWords = (name: string) => {
    add(name, [vocabulary, hidden]);
    const { data } = tensors[name]!;
    for (let i = 0; i < data.length; i++) if (i % hidden >= leading) data[i]! /= 100;
  };
  addWords('bert.embeddings.word_embeddings.weight');
  add('bert.embeddings.position_embeddings.weight', [positions, hidden]);
  add('bert.embeddings.token_type_embeddings.weight', [2, hidden]);
  norm('bert.embeddings.LayerNorm');
  for (let i = 0; i < layers; i++) {
    const layer = `bert.encoder.layer.${i}`;
    for (const part of ['query', 'key', 'value']) dense(`${layer}.attention.self.${part}`, hidden, hidden);
    dense(`${layer}.attention.output.dense`, hidden, hidden);
    norm(`${layer}.attention.output.LayerNorm`);
    dense(`${layer}.intermediate.dense`, inner, hidden);
    dense(`${layer}.output.dense`, hidden, inner);
    norm(`${layer}.output.LayerNorm`);
  }
  dense('cls.predictions.transform.dense', hidden, hidden);
  norm('cls.predictions.transform.LayerNorm');
  add('cls.predictions.bias', [vocabulary], bias);
  if (untied) addWords('cls.predictions.decoder.weight');
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
