import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { Tensor } from '../../safetensors.js';

/** How a graph holds matrices of weights, and multiplies by them. Vectors are float32 in all forms. */
export interface WeightForm {
  /** Whether products are of whole numbers, so that an operator which takes float32 weights cannot be used. */
  readonly isQuantised: boolean;
  /** A matrix in the numbers that a graph can hold of it; whole numbers are made when it is written. */
  held(matrix: Tensor): Tensor;
  /**
   * The form of the dense layer before the decoder. Rounding there moves every logit (two thirds of what int8 moved splade-tiny's weights by), and the
   * layer is a hundredth of the arithmetic at most.
   */
  readonly ofTransform: WeightForm;
  /** The form whose products are those with the rows that a table of this one gives. */
  readonly ofRows: WeightForm;
  /** The rows that a table of a matrix gives, to the bit: what is made of such rows (a screen) is made of these numbers. */
  rowsOf(matrix: Tensor): Tensor;
  /** A matrix whose rows are looked up: float32 [rows, columns] when the graph runs. */
  table(graph: GraphBuilder, name: string, matrix: Tensor): Value;
  /** The products of a value, float32 [..., from], with any number of matrices, [from, to]. */
  multiplier(graph: GraphBuilder, input: Value): (name: string, matrix: Tensor) => Value;
}
