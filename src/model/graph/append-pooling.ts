import { ModelFileBroken } from '../model-faults.js';
import { DataType, GraphBuilder, type Value } from '../onnx/graph-builder.js';
import type { OnnxModel, OnnxOutput } from '../onnx/model-reader.js';
import { overwritePadding } from './decoder/padding.js';
import type { PaddedInputs } from './graph-parts.js';

/** The first opset in which Squeeze, Unsqueeze and Split take their axes and sizes as inputs, as the pooling's do. */
const FIRST_OPSET = 13;
const REMEDY = 'Export the masked-language model: optimum-cli export onnx --task fill-mask';
const KNOWN_INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'];

/** An exported model taken into a graph. */
interface AdoptedModel {
  readonly graph: GraphBuilder;
  readonly inputs: PaddedInputs;
  /** float32 [texts, length, vocabulary] */
  readonly logits: Value;
}

/**
 * Puts max pooling behind an exported masked-language model.
 * @returns the largest logits, [texts, vocabulary].
 */
export function appendPooling({ graph, inputs, logits }: AdoptedModel): Value {
  return graph.maximum(overwritePadding(graph, logits, inputs.mask), 1);
}

/**
 * Takes an exported masked-language model into a new graph with our inputs.
 * @throws {ModelFileBroken} for a model of other inputs or outputs.
 */
export function adoptExport(
  file: string,
  model: OnnxModel,
  vocabularySize: number,
  declareInputs: (graph: GraphBuilder) => PaddedInputs,
): AdoptedModel {
  const logits = mustPool(file, model, vocabularySize);
  const graph = new GraphBuilder(model);
  const inputs = declareInputs(graph);
  const ids = graph.node('Cast', [inputs.ids], { to: DataType.int64 });
  const given: Record<string, string> = {
    input_ids: ids,
    attention_mask: graph.node('Cast', [inputs.mask], { to: DataType.int64 }),
    token_type_ids: graph.node('Sub', [ids, ids]),
  };
  for (const input of model.inputs) graph.define(input, given[input]!);
  graph.adopt(model);
  return { graph, inputs, logits };
}

/** The name of the output that holds the logits. */
function mustPool(file: string, model: OnnxModel, vocabularySize: number): string {
  const refuse = (found: string) => new ModelFileBroken(file, found, REMEDY);
  const opset = model.opsets.get('') ?? 0;
  if (model.nodes.length === 0) throw refuse('no ONNX model');
  if (model.hasExternalData) throw refuse('weights in another file, which the compiled model would lose');
  if (opset < FIRST_OPSET) throw refuse(`opset ${opset} where ${FIRST_OPSET} or newer is needed`);
  const unknown = model.inputs.filter((input) => !KNOWN_INPUTS.includes(input));
  if (unknown.length > 0) throw refuse(`inputs ${unknown.join(', ')} beside ${KNOWN_INPUTS.join(', ')}`);
  const logits = model.outputs.find(({ shape }) => shape.length === 3 && shape[2] === vocabularySize);
  if (logits) return logits.name;
  throw refuse(
    `outputs ${model.outputs.map(written).join(', ')} where logits [batch, length, ${vocabularySize}] are needed`,
  );
}

function written({ name, shape }: OnnxOutput): string {
  return `${name} [${shape.join(', ')}]`;
}
