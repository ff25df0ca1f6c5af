import type { CheckpointTensors } from '../../checkpoint-tensors.js';
import { DataType, type GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import type { DecoderInput, TokenInputs } from '../graph-parts.js';
import { linear } from '../linear.js';
import type { ModernBertNetwork } from './modernbert.js';
import { rotaryTables } from './rotary-tables.js';

/** Far below every logit, and finite: a row of nothing else would have no softmax. */
const NEVER = -1e30;

/** What every layer is written with. */
interface Writing {
  readonly graph: GraphBuilder;
  readonly tensors: CheckpointTensors;
  readonly network: ModernBertNetwork;
  readonly places: Value;
  /** Cosines and sines of the rotary positions, in layers of either kind. */
  readonly rotations: { readonly global: readonly Value[]; readonly local: readonly Value[] };
  /**
   * float32 [texts, 1, length, length], for layers of either kind: 0 where a place looks at a token within its window, else {@link NEVER}. Not the operator's
   * own mask by lengths, which onnxruntime's WebGPU does not know.
   */
  readonly sight: { readonly global: Value; readonly local: Value };
}

/** A ModernBERT encoder and the transform of its masked-language head, up to the last LayerNorm. Texts are padded on the right. */
export function modernBertGraph(
  graph: GraphBuilder,
  network: ModernBertNetwork,
  tensors: CheckpointTensors,
  inputs: TokenInputs,
): DecoderInput {
  const { hidden, vocabulary } = network;
  const words = tensors.matrix('model.embeddings.tok_embeddings.weight', vocabulary, hidden);
  const wordsValue = tensors.form.table(graph, 'words', words);
  const embedded = graph.node('Gather', [wordsValue, inputs.ids], { axis: 0 });
  const rotations = { global: rotationsOf(graph, network, 'global'), local: rotationsOf(graph, network, 'local') };
  const writing = { graph, tensors, network, rotations, ...positionsOf(graph, network, inputs) };
  let state = normalised(writing, 'model.embeddings.norm', embedded);
  for (const layer of network.isGlobal.keys()) state = encoderLayer(writing, layer, state);
  const final = normalised(writing, 'model.final_norm', state);
  const untied = 'decoder.weight';
  const isTied = !tensors.has(untied);
  return {
    state: graph.fused('Gelu', [
      linear(graph, tensors, final, 'head.dense', [hidden, hidden], tensors.form.ofTransform),
    ]),
    norm: {
      weight: tensors.vector('head.norm.weight', hidden),
      bias: new Float32Array(hidden),
      epsilon: network.epsilon,
    },
    decoder: isTied ? words : tensors.matrix(untied, vocabulary, hidden),
    decoderValue: isTied ? wordsValue : undefined,
    form: tensors.form,
    bias: tensors.vector('decoder.bias', vocabulary),
  };
}

/** Every token's place, and what each place looks at. */
function positionsOf(graph: GraphBuilder, { window, positions }: ModernBertNetwork, { ids, mask }: TokenInputs) {
  const ones = graph.node('Add', [graph.node('Sub', [ids, ids]), int(graph, 'one', 1)]);
  const counted = graph.node('CumSum', [ones, int(graph, 'length_axis', 1)]);
  const places = graph.node('Sub', [graph.node('Cast', [counted], { to: DataType.int64 }), graph.integers(1)]);
  const first = graph.node('Slice', [places, graph.integers(0), graph.integers(1), graph.integers(0)]);
  const row = graph.node('Unsqueeze', [first, graph.integers(1)]);
  const column = graph.node('Unsqueeze', [first, graph.integers(2)]);
  const distance = graph.node('Abs', [graph.node('Sub', [row, column])]);
  const isPadding = mask && graph.node('Equal', [mask, int(graph, 'padding', 0)]);
  const isNoToken = isPadding && graph.node('Unsqueeze', [isPadding, graph.integers(1)]);
  const within = (window: number) => {
    const isFar = graph.node('Greater', [distance, graph.integers(window)]);
    const isUnseen = isNoToken ? graph.node('Or', [isFar, isNoToken]) : isFar;
    const bias = graph.node('Where', [isUnseen, graph.scalar(NEVER), graph.scalar(0)]);
    return graph.node('Unsqueeze', [bias, graph.integers(1)]);
  };
  return { places, sight: { global: within(positions), local: within(window) } };
}

function int(graph: GraphBuilder, name: string, value: number): Value {
  return graph.constant(name, DataType.int32, [], Int32Array.of(value));
}

/** The first layer's attention takes what the embeddings normalised. */
function encoderLayer(writing: Writing, layer: number, input: Value): Value {
  const { graph } = writing;
  const name = `model.layers.${layer}`;
  const attended = layer === 0 ? input : normalised(writing, `${name}.attn_norm`, input);
  const between = graph.node('Add', [input, attention(writing, layer, attended)]);
  return graph.node('Add', [between, feedForward(writing, name, normalised(writing, `${name}.mlp_norm`, between))]);
}

function attention(writing: Writing, layer: number, input: Value): Value {
  const { graph, tensors, network, places, rotations, sight } = writing;
  const { hidden, heads } = network;
  const name = `model.layers.${layer}.attn`;
  const reach = network.isGlobal[layer] ? 'global' : 'local';
  const rotation = [places, ...rotations[reach]];
  const all = linear(graph, tensors, input, `${name}.Wqkv`, [hidden, 3 * hidden]);
  const parts = graph.nodes('Split', [all, graph.integers(hidden, hidden, hidden)], 3, { axis: 2 });
  const [query, key] = parts
    .slice(0, 2)
    .map((part) => graph.fused('RotaryEmbedding', [part, ...rotation], { num_heads: heads }));
  const inputs = [query!, key!, parts[2]!, '', '', sight[reach]];
  const mixed = graph.fused('MultiHeadAttention', inputs, { num_heads: heads });
  return linear(graph, tensors, mixed, `${name}.Wo`, [hidden, hidden]);
}

function rotationsOf(graph: GraphBuilder, network: ModernBertNetwork, kind: 'global' | 'local'): readonly Value[] {
  const { positions, hidden, heads, theta } = network;
  const { shape, cosines, sines } = rotaryTables(positions, hidden / heads, theta[kind]);
  return [graph.floats(`cosines.${kind}`, shape, cosines), graph.floats(`sines.${kind}`, shape, sines)];
}

/** gelu(first half) times the second half, of twice the inner width. */
function feedForward({ graph, tensors, network: { hidden, inner } }: Writing, name: string, input: Value): Value {
  const wide = linear(graph, tensors, input, `${name}.mlp.Wi`, [hidden, 2 * inner]);
  const [value, gate] = graph.nodes('Split', [wide, graph.integers(inner, inner)], 2, { axis: 2 }) as [Value, Value];
  const gated = graph.node('Mul', [graph.fused('Gelu', [value]), gate]);
  return linear(graph, tensors, gated, `${name}.mlp.Wo`, [inner, hidden]);
}

/** LayerNorm without a bias. */
function normalised({ graph, tensors, network: { hidden, epsilon } }: Writing, name: string, input: Value): Value {
  const weight = graph.floats(`${name}.weight`, [hidden], tensors.vector(`${name}.weight`, hidden));
  return graph.node('LayerNormalization', [input, weight], { axis: -1, epsilon: { float: epsilon } });
}
