import { ACCELERATORS } from '../../src/encoder/device/device.js';
import { type Trial, tryDevice } from '../../src/encoder/device/try-device.js';
import type { DeviceName } from '../../src/model/model-identity.js';

/** What every accelerator said when it was tried on this machine. */
export const trials: ReadonlyMap<DeviceName, Trial> = new Map(
  await Promise.all(ACCELERATORS.map(async (device) => [device.name, await tryDevice(device)] as const)),
);

/** `describe` on an accelerator of this machine, or a skipped one that says aloud what was not run, and why. */
export function describeOnAccelerator(device: DeviceName, title: string, suite: () => void): void {
  const trial = trials.get(device)!;
  if ('refused' in trial) {
    process.stderr.write(`NOT RUN: ${title}: ${trial.refused}\n`);
    describe.skip(title, suite);
  } else describe(title, suite);
}
