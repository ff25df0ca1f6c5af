import type { CheckpointTensors } from '../../checkpoint-tensors.js';
import { DataType, type GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import type { DecoderInput, TokenInputs } from '../graph-parts.js';
import { linear, vector } from '../linear.js';
import { besideEachOther, endToEnd, transposed } from '../tensor-shapes.js';
import type { PostNormNames, PostNormNetwork, PostNormShape } from './post-norm-network.js';

/** What every part of the graph is written with. */
interface Writing {
  readonly graph: GraphBuilder;
  readonly tensors: CheckpointTensors;
  readonly shape: PostNormShape;
}

/**
 * A BERT-like encoder and the transform of its masked-language head, up to the last LayerNorm, with onnxruntime's fused operators
 * (EmbedLayerNormalization, Attention, SkipLayerNormalization, BiasGelu). Texts are padded on the right.
 */
export function postNormGraph(
  graph: GraphBuilder,
  { shape, names }: PostNormNetwork,
  tensors: CheckpointTensors,
  inputs: TokenInputs,
): DecoderInput {
  const writing = { graph, tensors, shape };
  const { hidden, vocabulary } = shape;
  const tied = `${names.embeddings}.word_embeddings.weight`;
  const words = tensors.matrix(tied, vocabulary, hidden);
  const wordsValue = tensors.form.table(graph, tied, words);
  let { state, lengths } = embeddings(writing, names.embeddings, wordsValue, inputs);
  for (let layer = 0; layer < shape.layers; layer++) state = encoderLayer(writing, names.layer(layer), state, lengths);
  const dense = linear(graph, tensors, state, names.transform, [hidden, hidden], tensors.form.ofTransform);
  const isTied = !tensors.has(names.decoder);
  const bias = names.biases.find((name) => tensors.has(name)) ?? names.biases.at(-1)!;
  return {
    state: graph.fused('BiasGelu', [dense, vector(graph, tensors, `${names.transform}.bias`, hidden)]),
    norm: {
      weight: tensors.vector(`${names.transformNorm}.weight`, hidden),
      bias: tensors.vector(`${names.transformNorm}.bias`, hidden),
      epsilon: shape.epsilon,
    },
    decoder: isTied ? words : tensors.matrix(names.decoder, vocabulary, hidden),
    decoderValue: isTied ? wordsValue : undefined,
    form: tensors.form,
    bias: tensors.vector(bias, vocabulary),
  };
}

/** Word, position and type embeddings, summed and normalised; and the number of real tokens in each row, where attention is to know it. */
function embeddings(writing: Writing, name: string, words: Value, inputs: TokenInputs) {
  const { graph, tensors, shape } = writing;
  const places = typedPlaces(writing, name);
  const [state, lengths] = graph.fusedNodes(
    'EmbedLayerNormalization',
    [
      inputs.ids,
      '',
      words,
      graph.floats(`${name}.position_embeddings.weight`, [shape.positions, shape.hidden], places),
      '',
      vector(graph, tensors, `${name}.LayerNorm.weight`, shape.hidden),
      vector(graph, tensors, `${name}.LayerNorm.bias`, shape.hidden),
      inputs.mask ?? '',
      ...(shape.padding === undefined ? [] : [positionsBehind(graph, inputs.ids, shape.padding)]),
    ],
    2,
    { epsilon: { float: shape.epsilon } },
  ) as [Value, Value];
  if (inputs.mask) return { state, lengths };
  return { state, lengths: tensors.form.isQuantised ? lengthOf(graph, inputs.ids) : '' };
}

/**
 * The length of a lone text, as that of a row: int32 [1]. All of it is real; but without lengths onnxruntime's MultiHeadAttention takes another way (1.30: its
 * flash attention), with other last bits, and where whole numbers are made of them a vector would depend on the graph that its text went through.
 */
function lengthOf(graph: GraphBuilder, ids: Value): Value {
  return graph.node('Cast', [graph.node('Shape', [ids], { start: 1 })], { to: DataType.int32 });
}

/** A lone text is all of type 0, so its embedding is part of every position's. */
function typedPlaces({ tensors, shape: { positions, hidden, types } }: Writing, name: string): Float32Array {
  const places = tensors.matrix(`${name}.position_embeddings.weight`, positions, hidden);
  if (types === 0) return places.data;
  const kinds = tensors.matrix(`${name}.token_type_embeddings.weight`, types, hidden);
  return places.data.map((value, i) => value + kinds.data[i % hidden]!);
}

/** `create_position_ids_from_input_ids` of transformers' modeling_roberta.py. */
function positionsBehind(graph: GraphBuilder, ids: Value, padding: number): Value {
  const constant = graph.constant('padding_id', DataType.int32, [], Int32Array.of(padding));
  const isPadding = graph.node('Equal', [ids, constant]);
  const counts = graph.node('Cast', [graph.node('Not', [isPadding])], { to: DataType.int32 });
  const count = graph.node('CumSum', [counts, graph.constant('length_axis', DataType.int32, [], Int32Array.of(1))]);
  return graph.node('Add', [graph.node('Mul', [count, counts]), constant]);
}

function encoderLayer(writing: Writing, names: ReturnType<PostNormNames['layer']>, input: Value, lengths: Value) {
  const { graph, tensors, shape } = writing;
  const { hidden, inner } = shape;
  const attended = attention(writing, [names.query, names.key, names.value], input, lengths);
  const projected = linear(graph, tensors, attended, names.attended, [hidden, hidden]);
  const between = addAndNormalise(writing, names.attended, names.attendedNorm, projected, input);
  const widened = graph.fused('BiasGelu', [
    linear(graph, tensors, between, names.widen, [hidden, inner]),
    vector(graph, tensors, `${names.widen}.bias`, inner),
  ]);
  const narrowed = linear(graph, tensors, widened, names.narrow, [inner, hidden]);
  return addAndNormalise(writing, names.narrow, names.norm, narrowed, between);
}

function attention({ graph, tensors, shape }: Writing, parts: readonly string[], input: Value, lengths: Value): Value {
  const { hidden, heads } = shape;
  const weight = besideEachOther(parts.map((part) => transposed(tensors.matrix(`${part}.weight`, hidden, hidden))));
  const bias = endToEnd(parts.map((part) => tensors.vector(`${part}.bias`, hidden)));
  const name = `${parts.join('+')}.weight`;
  const added = graph.floats(`${parts.join('+')}.bias`, [3 * hidden], bias);
  if (!tensors.form.isQuantised) {
    const value = tensors.form.table(graph, name, weight);
    return graph.fused('Attention', [input, value, added, lengths], { num_heads: heads });
  }
  const all = graph.node('Add', [tensors.form.multiplier(graph, input)(name, weight), added]);
  const sides = graph.nodes('Split', [all, graph.integers(hidden, hidden, hidden)], 3, { axis: 2 });
  return graph.fused('MultiHeadAttention', [...sides, '', lengths], { num_heads: heads });
}

/**
 * LayerNorm(input + bias of `dense` + skip). Written as two operators, encoding with whole numbers took 0.93 of the time (splade-tiny, onnxruntime 1.30);
 * in float32 that gained nothing.
 */
function addAndNormalise({ graph, tensors, shape }: Writing, dense: string, norm: string, input: Value, skip: Value) {
  const of = (name: string) => vector(graph, tensors, name, shape.hidden);
  const [weight, shift, bias] = [of(`${norm}.weight`), of(`${norm}.bias`), of(`${dense}.bias`)];
  const epsilon = { float: shape.epsilon };
  if (!tensors.form.isQuantised)
    return graph.fused('SkipLayerNormalization', [input, skip, weight, shift, bias], { epsilon });
  const sum = graph.node('Sum', [input, skip, bias]);
  return graph.node('LayerNormalization', [sum, weight, shift], { axis: -1, epsilon });
}
