import type { DeviceName, Precision } from '../../model/model-identity.js';
import type { Progress } from '../../model/progress.js';
import { DeviceUnavailable, EncoderUnusable } from '../encoder-faults.js';
import { ACCELERATORS, type Device, deviceNamed } from './device.js';
import { type Trial, tryDevice } from './try-device.js';

/** A device by its name, or the quickest that can be had. */
export type DeviceChoice = DeviceName | 'auto';

export interface StartOptions {
  readonly precision: Precision;
  readonly signal?: AbortSignal;
  /** Told in one line which device `auto` came to, and why. */
  readonly onProgress?: Progress;
}

/** Why an accelerator is not taken, and what would make it one that can be had. */
interface Refusal {
  readonly refused: string;
  readonly remedy?: string;
}

/**
 * Starts something on the device of a choice. `auto` is the first accelerator that makes a session, multiplies in float32 and is quicker than this
 * machine's cores (a driver may be software), else the CPU.
 * @throws {DeviceUnavailable} for a device that was named and cannot be had.
 * @throws what starting throws.
 */
export async function startOnDevice<Started>(
  choice: DeviceChoice,
  start: (device: Device) => Promise<Started>,
  options: StartOptions,
): Promise<Started> {
  const cpu = deviceNamed('cpu');
  if (choice === cpu.name) return start(cpu);
  if (choice !== 'auto') return startOnNamed(deviceNamed(choice), start, options);
  const { onProgress } = options;
  const refusals: string[] = [];
  const remedies: string[] = [];
  for (const device of ACCELERATORS) {
    const attempt = await attemptOn(device, start, options);
    if ('started' in attempt) {
      onProgress?.({ what: [`device auto: ${device.name}`, ...refusals].join(', '), done: 0 });
      return attempt.started;
    }
    refusals.push(`not ${device.name} (${attempt.refused})`);
    if (attempt.remedy) remedies.push(attempt.remedy);
  }
  onProgress?.({ what: [['device auto: cpu', ...refusals].join(', '), ...remedies].join('. '), done: 0 });
  return start(cpu);
}

async function startOnNamed<Started>(
  device: Device,
  start: (device: Device) => Promise<Started>,
  { precision, signal }: StartOptions,
): Promise<Started> {
  const refusal = refusalFor(device, precision) ?? refusalBy(await tryDevice(device, signal), device);
  if (refusal) throw new DeviceUnavailable(device.name, refusal.refused, refusal.remedy);
  return start(device);
}

async function attemptOn<Started>(
  device: Device,
  start: (device: Device) => Promise<Started>,
  { precision, signal }: StartOptions,
): Promise<{ readonly started: Started } | Refusal> {
  const refusal = refusalFor(device, precision) ?? (await slowness(device, signal));
  if (refusal) return refusal;
  try {
    return { started: await start(device) };
  } catch (thrown) {
    if (thrown instanceof EncoderUnusable) return { refused: thrown.found };
    throw thrown;
  }
}

function refusalFor({ precisions }: Device, precision: Precision): Refusal | undefined {
  return precisions.includes(precision) ? undefined : { refused: `${precision} is for the CPU's units` };
}

function refusalBy(trial: Trial, { remedy }: Device): Refusal | undefined {
  return 'refused' in trial ? { refused: trial.refused, remedy } : undefined;
}

/** Why a device is not to be preferred to the cores. */
async function slowness(device: Device, signal?: AbortSignal): Promise<Refusal | undefined> {
  const trial = await tryDevice(device, signal);
  if ('refused' in trial) return refusalBy(trial, device);
  const cores = await tryDevice(deviceNamed('cpu'), signal);
  if ('refused' in cores || trial.operationsPerSecond > cores.operationsPerSecond) return undefined;
  return { refused: `${gigaflops(trial)} GFLOP/s of matrix products, where the cores have ${gigaflops(cores)}` };
}

function gigaflops({ operationsPerSecond }: { readonly operationsPerSecond: number }): string {
  return (operationsPerSecond / 1e9).toPrecision(2);
}
