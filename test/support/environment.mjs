import { TestEnvironment } from 'jest-environment-node';

/**
 * Each Jest test file runs in a realm of its own, with its own Float32Array. Native add-ons and worker threads hand out the
 * host's typed arrays, and `instanceof` then fails across the border. Sharing the host's constructors removes the border.
 */
export default class SharedArraysEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const shared of [
      ArrayBuffer,
      SharedArrayBuffer,
      Uint8Array,
      Int8Array,
      Uint16Array,
      Uint32Array,
      Int32Array,
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
    ]) {
      this.global[shared.name] = shared;
    }
  }
}
