import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { Tensor } from '../../safetensors.js';

/** How a graph holds matrices of weights, and multiplies by them. Vectors are float32 in all forms. */
export interface WeightForm {
  /** Whether products are of whole numbers, so that an operator which takes float32 weights cannot be used. */
  readonly isQuantised: boolean;
  /** A matrix as products see it, as far as that is known before it is written: whatever is made of it (a screen) is made of these numbers. */
  held(matrix: Tensor): Tensor;
  /**
   * The form of the dense layer before the decoder. Rounding there moves every logit (two thirds of what int8 moved splade-tiny's weights by), and the
   * layer is a hundredth of the arithmetic at most.
   */
  readonly ofTransform: WeightForm;
  /** A matrix whose rows are looked up: float32 [rows, columns] when the graph runs. */
  table(graph: GraphBuilder, name: string, matrix: Tensor): Value;
  /** The products of a value, float32 [..., from], with any number of matrices, [from, to]. */
  multiplier(graph: GraphBuilder, input: Value): (name: string, matrix: Tensor) => Value;
}
