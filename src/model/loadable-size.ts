import { ModelUnsupported } from './model-faults.js';
import type { Precision } from './model-identity.js';

/** The longest message that protobuf parses, in bytes: an ONNX file is one, its weights included. */
const MOST_BYTES = 2 ** 31 - 1;

const REMEDIES: Readonly<Record<Precision, string>> = {
  float32: 'Take --precision float16, half as large, or int8',
  float16: 'Take --precision int8, half as large',
  int8: 'Take a smaller model',
};

/**
 * Whether onnxruntime could load a graph, asked before it is written.
 * @param pieces what the graph's file would be made of.
 * @throws {ModelUnsupported} where it is too large.
 */
export function mustBeLoadable(
  { id, precision }: { readonly id: string; readonly precision: Precision },
  pieces: readonly Pick<Uint8Array, 'byteLength'>[],
  remedy = REMEDIES[precision],
): void {
  const bytes = bytesOf(pieces);
  if (bytes <= MOST_BYTES) return;
  const found = `a graph of ${(bytes / 2 ** 30).toFixed(1)} GiB in ${precision}, of which onnxruntime loads less than 2`;
  throw new ModelUnsupported(id, found, remedy);
}

/** The length of a file that is made of these. */
export function bytesOf(pieces: readonly Pick<Uint8Array, 'byteLength'>[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
