/** Raised with every change of what the compiler writes; compiled files of another version are built anew. */
export const COMPILER_VERSION = 12;

/** How weights are held: see `weightForm`. */
export const PRECISIONS = ['float32', 'float16', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** The precision of that name; none where this release knows none. */
export function precisionNamed(name: string): Precision | undefined {
  return PRECISIONS.find((precision) => precision === name);
}

/** What a network can be run on, by onnxruntime's names of its execution providers. */
export const DEVICES = ['cpu', 'cuda', 'webgpu'] as const;
export type DeviceName = (typeof DEVICES)[number];

/** What stands before texts that a model encodes, by what they are encoded as. */
export interface Prompts {
  readonly query?: string;
  readonly document?: string;
}

/**
 * What makes two sets of vectors comparable: weights, configuration, pooling, precision, the prompt of documents; of documents also the cut. It goes into an index's `_meta`, and queries and
 * documents encoded otherwise are refused there (`mustMatchPlan`, `mustTakeDocuments`). The rest is for whoever looks.
 */
export interface ModelIdentity {
  /** The name of a named model, a hub id, or the name of a local folder. */
  readonly id: string;
  /** SHA-256 of the weights, hexadecimal. */
  readonly weights: string;
  /** What the model's files say beside the weights of what is computed with them: see `configurationOf`. */
  readonly configuration: string;
  readonly pooling: string;
  /** Absent where texts are encoded as they are. */
  readonly prompts?: Prompts;
  readonly precision: Precision;
  /** Texts are cut to this many tokens, special ones included. */
  readonly maxTokens: number;
  readonly compiler: number;
  /** What multiplied. Other devices, and other CPUs, add in another order: the last places of weights differ. */
  readonly device: DeviceName;
}
