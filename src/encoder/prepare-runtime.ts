import { createRequire } from 'node:module';
import { RuntimeMissing } from './encoder-faults.js';

/**
 * What has to be done before a thread loads onnxruntime-node.
 *
 * It is an optional dependency: its install script fetches CUDA libraries on Linux, and where it cannot reach them npm leaves the package
 * out instead of failing the whole install. From 1.29 on it reports sessions of its Linux builds to Microsoft unless a variable is set when
 * it is loaded; nothing that an encoder does may leave the machine. The addon offers no other switch. Whoever has set the variable keeps
 * what they said.
 * @param environment the same for variables of a device's libraries.
 * @throws {RuntimeMissing}
 */
export function prepareRuntime(environment: Readonly<Record<string, string>> = {}): void {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-node');
  } catch (cause) {
    throw new RuntimeMissing(cause);
  }
  for (const [name, value] of Object.entries({ ORT_DISABLE_TELEMETRY: '1', ...environment }))
    process.env[name] ??= value;
}
