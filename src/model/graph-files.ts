/** Graphs of a model beside its own; those that were not made with it are made when they are first asked for. */
export const LATER_GRAPHS = ['positions', 'lone-queries'] as const;

/** A graph that is compiled: the model's own, or one beside it. */
export type GraphName = 'own' | (typeof LATER_GRAPHS)[number];

/** Up to here, in bytes of the compiled file, a model is read into memory more than once: for each thread that encodes, and for lone queries. */
export const READ_TWICE_UP_TO = 256 * 2 ** 20;

/** The file of a graph of a model, by the file of its own; `dense`: of its own without a screen. */
export function fileOfGraph({ file }: { readonly file: string }, graph: GraphName | 'dense'): string {
  return graph === 'own' ? file : file.replace(/(\.dense)?\.onnx$/, `.${graph}.onnx`);
}
