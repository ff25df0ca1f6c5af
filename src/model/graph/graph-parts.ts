import type { Value } from '../onnx/graph-builder.js';
import type { Tensor } from '../safetensors.js';
import type { WeightForm } from './weights/weight-form.js';

/** Token ids and mask (1 for a token, 0 for padding), both int32 [texts, length]. Without a mask there is no padding. */
export interface TokenInputs {
  readonly ids: Value;
  readonly mask?: Value;
}

/** The inputs of a batch, padded. */
export type PaddedInputs = Required<TokenInputs>;

/** Inputs of the graph for lone queries: the token ids of one text, int32 [1, length], and their places in halves, int32 [2, half]. */
export const LONE_INPUTS = { ids: 'token_ids', halves: 'halves' } as const;

/** LayerNorm as constants. */
interface LayerNorm {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly epsilon: number;
}

/** What the decoder of a masked-language model takes: a logit is `<norm(state), decoder[v]> + bias[v]`. */
export interface DecoderInput {
  /** float32 [texts, length, hidden], before the last LayerNorm. */
  readonly state: Value;
  readonly norm: LayerNorm;
  /** [vocabulary, hidden], as `form` holds it. */
  readonly decoder: Tensor;
  readonly form: WeightForm;
  /** The decoder where the graph has it as a constant already: tied to the embeddings, as it usually is. */
  readonly decoderValue?: Value;
  /** [vocabulary] */
  readonly bias: Float32Array;
}
