import type { Precision } from './model-identity.js';

/** Graphs of a model beside its own; those that were not made with it are made when they are first asked for. */
export const LATER_GRAPHS = ['positions', 'lone-queries'] as const;

/** A graph that is compiled: the model's own, or one beside it. */
export type GraphName = 'own' | (typeof LATER_GRAPHS)[number];

/** The largest model, in bytes of memory, that may be there more than once. */
const READ_TWICE_UP_TO = 256e6;

/**
 * Whether a model is read into memory more than once: for each thread that encodes, and for lone queries.
 * @param bytes of its compiled file; weights of float16 take twice as much once they are loaded, for they are widened then.
 */
export function isReadTwice(bytes: number, precision: Precision): boolean {
  return (precision === 'float16' ? 2 * bytes : bytes) <= READ_TWICE_UP_TO;
}

/** The file of a graph of a model, by the file of its own; `dense`: of its own without a screen. */
export function fileOfGraph({ file }: { readonly file: string }, graph: GraphName | 'dense'): string {
  return graph === 'own' ? file : file.replace(/(\.dense)?\.onnx$/, `.${graph}.onnx`);
}
