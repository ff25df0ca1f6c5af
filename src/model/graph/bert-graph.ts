import { z } from 'zod';
import type { CheckpointTensors } from '../checkpoint-tensors.js';
import { DataType, type GraphBuilder, type Value } from '../onnx/graph-builder.js';
import type { DecoderInput, TokenInputs } from './graph-parts.js';
import { linear, vector } from './linear.js';
import { besideEachOther, endToEnd, transposed } from './tensor-shapes.js';

/** What the graph depends on in the config.json of a BERT masked-language model (transformers, `BertConfig`). */
export const BertConfig = z.object({
  model_type: z.literal('bert'),
  hidden_size: z.number().int().positive(),
  num_hidden_layers: z.number().int().positive(),
  num_attention_heads: z.number().int().positive(),
  intermediate_size: z.number().int().positive(),
  vocab_size: z.number().int().positive(),
  type_vocab_size: z.number().int().positive(),
  max_position_embeddings: z.number().int().positive(),
  layer_norm_eps: z.number().positive(),
  hidden_act: z.literal('gelu'),
  position_embedding_type: z.literal('absolute').optional(),
});
export type BertConfig = z.infer<typeof BertConfig>;

const EMBEDDINGS = 'bert.embeddings';
const TRANSFORM = 'cls.predictions.transform';

/**
 * A BERT encoder and the transform of its masked-language head, up to the last LayerNorm, with onnxruntime's fused operators
 * (EmbedLayerNormalization, Attention, SkipLayerNormalization, BiasGelu). Texts are padded on the right.
 */
export function bertGraph(
  graph: GraphBuilder,
  config: BertConfig,
  tensors: CheckpointTensors,
  inputs: TokenInputs,
): DecoderInput {
  const { hidden_size: hidden, vocab_size: vocabulary } = config;
  let [state, lengths] = embeddings(graph, config, tensors, inputs) as [Value, Value];
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    state = encoderLayer(graph, config, tensors, `bert.encoder.layer.${layer}`, state, lengths!);
  }
  const dense = linear(graph, tensors, state, `${TRANSFORM}.dense`, [hidden, hidden]);
  const tied = `${EMBEDDINGS}.word_embeddings.weight`;
  const untied = 'cls.predictions.decoder.weight';
  return {
    state: graph.fused('BiasGelu', [dense, vector(graph, tensors, `${TRANSFORM}.dense.bias`, hidden)]),
    norm: {
      weight: tensors.vector(`${TRANSFORM}.LayerNorm.weight`, hidden),
      bias: tensors.vector(`${TRANSFORM}.LayerNorm.bias`, hidden),
      epsilon: config.layer_norm_eps,
    },
    decoder: tensors.matrix(tensors.has(untied) ? untied : tied, vocabulary, hidden),
    bias: tensors.vector('cls.predictions.bias', vocabulary),
  };
}

/** Word, position and type embeddings, summed and normalised; and the number of real tokens in each row. */
function embeddings(graph: GraphBuilder, config: BertConfig, tensors: CheckpointTensors, inputs: TokenInputs): Value[] {
  const { hidden_size: hidden, max_position_embeddings: positions, vocab_size: vocabulary } = config;
  const words = tensors.matrix(`${EMBEDDINGS}.word_embeddings.weight`, vocabulary, hidden);
  const types = tensors.matrix(`${EMBEDDINGS}.token_type_embeddings.weight`, config.type_vocab_size, hidden);
  const places = tensors.matrix(`${EMBEDDINGS}.position_embeddings.weight`, positions, hidden);
  // A lone text is all of type 0, so its embedding is part of every position's.
  const typedPlaces = places.data.map((value, i) => value + types.data[i % hidden]!);
  return graph.fusedNodes(
    'EmbedLayerNormalization',
    [
      inputs.ids,
      '',
      graph.floats(`${EMBEDDINGS}.word_embeddings.weight`, words.shape, words.data),
      graph.floats(`${EMBEDDINGS}.position_embeddings.weight`, places.shape, typedPlaces),
      '',
      vector(graph, tensors, `${EMBEDDINGS}.LayerNorm.weight`, hidden),
      vector(graph, tensors, `${EMBEDDINGS}.LayerNorm.bias`, hidden),
      inputs.mask,
    ],
    2,
    { epsilon: { float: config.layer_norm_eps } },
  );
}

function encoderLayer(
  graph: GraphBuilder,
  config: BertConfig,
  tensors: CheckpointTensors,
  name: string,
  input: Value,
  lengths: Value,
): Value {
  const { hidden_size: hidden, intermediate_size: inner } = config;
  const attended = attention(graph, config, tensors, `${name}.attention.self`, input, lengths);
  const projected = linear(graph, tensors, attended, `${name}.attention.output.dense`, [hidden, hidden]);
  const between = addAndNormalise(graph, config, tensors, `${name}.attention.output`, projected, input);
  const widened = graph.fused('BiasGelu', [
    linear(graph, tensors, between, `${name}.intermediate.dense`, [hidden, inner]),
    vector(graph, tensors, `${name}.intermediate.dense.bias`, inner),
  ]);
  const narrowed = linear(graph, tensors, widened, `${name}.output.dense`, [inner, hidden]);
  return addAndNormalise(graph, config, tensors, `${name}.output`, narrowed, between);
}

function attention(
  graph: GraphBuilder,
  { hidden_size: hidden, num_attention_heads: heads }: BertConfig,
  tensors: CheckpointTensors,
  name: string,
  input: Value,
  lengths: Value,
): Value {
  const parts = ['query', 'key', 'value'].map((part) => `${name}.${part}`);
  const weight = besideEachOther(parts.map((part) => transposed(tensors.matrix(`${part}.weight`, hidden, hidden))));
  const bias = endToEnd(parts.map((part) => tensors.vector(`${part}.bias`, hidden)));
  const constants = [
    graph.constant(`${name}.weight`, DataType.float32, weight.shape, weight.data),
    graph.floats(`${name}.bias`, [3 * hidden], bias),
  ];
  return graph.fused('Attention', [input, ...constants, lengths], { num_heads: heads });
}

/** LayerNorm(input + bias + skip). */
function addAndNormalise(
  graph: GraphBuilder,
  config: BertConfig,
  tensors: CheckpointTensors,
  name: string,
  input: Value,
  skip: Value,
): Value {
  const parts = [`${name}.LayerNorm.weight`, `${name}.LayerNorm.bias`, `${name}.dense.bias`];
  return graph.fused(
    'SkipLayerNormalization',
    [input, skip, ...parts.map((part) => vector(graph, tensors, part, config.hidden_size))],
    { epsilon: { float: config.layer_norm_eps } },
  );
}
