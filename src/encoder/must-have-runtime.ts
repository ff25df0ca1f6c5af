import { createRequire } from 'node:module';
import { RuntimeMissing } from './encoder-faults.js';

/**
 * onnxruntime-node is an optional dependency: its install script fetches CUDA libraries on Linux, and where it cannot reach them npm leaves
 * the package out instead of failing the whole install.
 * @throws {RuntimeMissing}
 */
export function mustHaveRuntime(): void {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-node');
  } catch (cause) {
    throw new RuntimeMissing(cause);
  }
}
