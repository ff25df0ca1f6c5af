import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataType, GraphBuilder } from '../../src/model/onnx/graph-builder.js';

/**
 * Writes `model.onnx` as an exporter would, for a model without context: the logits of a token are a row of `table`
 * [vocabulary, vocabulary].
 */
export async function writeOnnxExport(
  folder: string,
  vocabulary: number,
  table: Float32Array,
  { opset = 17, output = 'logits', columns = vocabulary as number | string, extraInput = '' } = {},
): Promise<void> {
  const graph = new GraphBuilder({ irVersion: 8, opsets: new Map([['', opset]]) });
  const ids = graph.input('input_ids', DataType.int64, ['batch', 'length']);
  graph.input('attention_mask', DataType.int64, ['batch', 'length']);
  if (extraInput) graph.input(extraInput, DataType.int64, ['batch', 'length']);
  const logits = graph.node('Gather', [graph.floats('table', [vocabulary, vocabulary], table), ids]);
  graph.output(output, logits, DataType.float32, ['batch', 'length', columns]);
  await writeFile(join(folder, 'model.onnx'), Buffer.concat(graph.model({})));
}
